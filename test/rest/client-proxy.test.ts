import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { openClient } from './open-client.ts';

/** A proxy that takes every tunnel to one server, whatever host is asked for. */
async function startProxy(target: string, status = 200) {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const side of [socket, upstream]) side.on('error', () => [socket, upstream].forEach((other) => other.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('proxies of the environment', () => {
  it('are used, with their credentials', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using proxy = await startProxy(api.url);
    await using client = openClient({ env: { HTTP_PROXY: `http://me:pw@${proxy.address}` } });
    await client.send({ url: 'http://api.example.test/a' });
    expect(proxy.asked).toEqual([`api.example.test:80 Basic ${Buffer.from('me:pw').toString('base64')}`]);
    expect(api.requests).toHaveLength(1);
  });

  it('are left out for loopback and for what NO_PROXY names', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using proxy = await startProxy(api.url);
    await using client = openClient({ env: { http_proxy: `http://${proxy.address}` } });
    await client.send({ url: `${api.url}/a` });
    await using exempt = openClient({ env: { http_proxy: `http://${proxy.address}`, no_proxy: '.example.test' } });
    await expect(exempt.send({ url: 'http://api.example.test/a' })).rejects.toMatchObject({ code: 'network_error' });
    expect(proxy.asked).toEqual([]);
  });

  it('are named when they refuse', async () => {
    await using proxy = await startProxy('http://127.0.0.1:1', 407);
    await using client = openClient({ env: { ALL_PROXY: `http://${proxy.address}` } });
    await expect(client.send({ url: 'http://api.example.test/a' })).rejects.toMatchObject({
      code: 'network_error',
      message: 'GET http://api.example.test/a (resource "posts", page 1) failed: the proxy answered 407.',
      hint: 'Check the proxy in HTTP_PROXY and HTTPS_PROXY, and its credentials.',
    });
  });
});
