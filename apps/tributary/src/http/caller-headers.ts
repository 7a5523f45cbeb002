/** In this header handlers are told the caller's role; what the client sends in it is taken away. */
export const roleHeader = "tributary-caller-role";

/** In this header handlers are told the address that a request came from, as far as proxies are believed. */
export const addressHeader = "tributary-caller-address";
