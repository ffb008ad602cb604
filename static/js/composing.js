/* Whether a key belongs to what an input method is composing. Some browsers send the Enter that ends it after the composition, with this code alone. */
const OF_AN_INPUT_METHOD = 229;

export const isComposing = (event) => event.isComposing || event.keyCode === OF_AN_INPUT_METHOD;
