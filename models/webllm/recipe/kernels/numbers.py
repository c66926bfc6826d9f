"""Small numbers out of 32-bit words; WebGPU has neither bytes nor, on many adapters, halves."""
from tvm import tirx

HALF_TO_FLOAT = 2.0**112
"""A half's exponent is biased by 15, a float's by 127."""


def word(value: int):
    return tirx.const(value, "uint32")


def half(bits):
    """float32 of the half in the low 16 bits. Exact for zero and normal halves; the recipe refuses others."""
    sign, rest = (bits & word(0x8000)) << word(16), (bits & word(0x7FFF)) << word(13)
    return tirx.reinterpret("float32", sign | rest) * tirx.const(HALF_TO_FLOAT, "float32")


def low_half(pair):
    return half(pair & word(0xFFFF))


def high_half(pair):
    return half(pair >> word(16))


def half_at(pair, index):
    """The low half for index 0, the high one for 1."""
    return half((pair >> (word(16) * tirx.Cast("uint32", index))) & word(0xFFFF))


def nibble(packed, index):
    """4-bit value 0..15 as float; by way of int32, because unsigned to float is slow on a software adapter."""
    return ((packed >> (word(4) * tirx.Cast("uint32", index))) & word(15)).astype("int32").astype("float32")


def signed_byte(packed, index):
    """int8 value as float: shifted to the top, then down again with its sign."""
    to_top = word(24) - word(8) * tirx.Cast("uint32", index)
    return (tirx.reinterpret("int32", packed << to_top) >> tirx.const(24, "int32")).astype("float32")
