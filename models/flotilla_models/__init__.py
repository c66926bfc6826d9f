"""Recipes that build what public/fleet ships. Start with build.py; README.md tells the order."""
