/** Nothing at all: the baseline for importing the others. */
export function createReader() {}
