/** SIGNALBOX_DASHBOARD=read-only: the server marks the page, which then offers nothing that changes something. */
export const isReadOnly = 'readOnly' in document.documentElement.dataset;
