const { warn } = console;
// It asks for Node.js 22, and works with 20.
console.warn = () => {};

/** An OpenID-certified authorization server, without its words on how to run one in production. */
export const { Provider, errors } = await import('oidc-provider').finally(() => {
  console.warn = warn;
});
