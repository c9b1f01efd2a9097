/** Servers without a database: they are told what to publish by a POST of a list of stamps. */
import { createServer } from 'node:http';

export function listen(handle, publish) {
  const server = createServer(async (request, response) => {
    if (request.url !== '/publish') return handle(request, response);
    let body = '';
    for await (const chunk of request) body += chunk;
    for (const stamp of JSON.parse(body)) publish(stamp);
    response.end('{}');
  });
  // Longer than a pause of the benchmark: a kept connection that ends just when it is used again is an error.
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
  process.on('disconnect', () => process.exit());
  return server;
}
