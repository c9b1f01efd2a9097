/** What browsers may do with an answer: with data nothing but read it, with a page only what it needs. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** For everything that is no page: helmet's many headers would weigh more than most answers. */
export function protectData(response: ServerResponse): void {
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
}

/** Sends a page, which may run the scripts that stand in it and load nothing from elsewhere. */
export function sendPage(request: IncomingMessage, response: ServerResponse, { html, protect }: Page): void {
  protect(request, response, () => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('cache-control', 'no-cache');
    response.end(html);
  });
}

export interface Page {
  html: string;
  protect: ReturnType<typeof helmet>;
}

/** A page with what it needs told from its text: made once, not for every request. */
export function toPage(html: string): Page {
  const scripts = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return {
    html,
    protect: helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': hashes.length > 0 ? hashes : ["'none'"],
          // Editors place what they show by styles on elements.
          'style-src': ["'unsafe-inline'"],
          'img-src': ["'self'", 'data:'],
          'font-src': ["'self'", 'data:'],
          'connect-src': ["'self'"],
          'worker-src': ['blob:'],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      // For whoever ends TLS in front to decide: it binds every port of the host name.
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
  };
}
