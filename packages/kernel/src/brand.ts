declare const brand: unique symbol;

/** Marks a plain value as one kind of identifier, so that a `NodeId` cannot be handed over as a `ResourceId`. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
