/** Composition root of the page: mounts the app. */
document.title = 'Flotilla';
