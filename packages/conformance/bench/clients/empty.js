/** Nothing at all: what the import of the others is compared with. */
export function createReader() {}
