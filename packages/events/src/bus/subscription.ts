/** A listener's place; disposing of it ends the listening. Harmless when done twice. */
export type Subscription = Disposable;
