/** The client alone, without the pool and the native bindings that `pg` brings along: 5 kB of the archive. */
declare module 'pg/lib/client.js' {
  const Client: typeof import('pg').Client;
  // biome-ignore lint/style/noDefaultExport: how a CommonJS module is imported
  export default Client;
}
