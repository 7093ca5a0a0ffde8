import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseEndpoints } from '../../src/net/endpoint.ts'

function read(text: string): string[] {
  return parseEndpoints(text).map(found => (found.is === 'endpoint' ? `${found.host} ${found.port ?? '-'}` : found.is))
}

for (const [text, expected] of [
  ['otel.example.com:4317', ['otel.example.com 4317']],
  ['S3.Example.Com.', ['s3.example.com -']],
  ['https://user:secret@bucket.example.com/path?x=1,2', ['bucket.example.com 443']],
  ['http://minio.storage.svc:9000', ['minio.storage.svc 9000']],
  ['dns:///collector.ns.svc:4317', ['collector.ns.svc 4317']],
  ['jdbc:postgresql://db.ns.svc/app', ['db.ns.svc 5432']],
  ['mongodb://a.example.com:1,b.example.com:2/db', ['a.example.com 1', 'b.example.com 2']],
  ['https://a.example.com:2379,https://b.example.com:2379', ['a.example.com 2379', 'b.example.com 2379']],
  ['1.1.1.1:53,[2606:4700::1111]:53', ['1.1.1.1 53', '2606:4700::1111 53']],
  ['[fd00::1]', ['fd00::1 -']],
  ['fd00::abcd', ['fd00::abcd -']],
  ['fd00::1:8080', ['unclear']],
  ['[fd00::zz]:80', ['unclear']],
  ['example.com:http', ['example.com 80']],
  ['example.com:nonsense', ['unclear']],
  ['example.com:70000', ['unclear']],
  ['$(HOST):443', ['unclear']],
  ['{{ .Values.endpoint }}', ['unclear']],
  ['${env:HOST}:4317', ['unclear']],
  ['localhost:8080', ['local']],
  ['127.0.0.1:8080', ['local']],
  ['[::]:8080', ['local']],
  ['0.0.0.0:4317', ['local']],
  ['unix:///run/app.sock', ['local']],
  ['s3://bucket/prefix', ['nothing']],
  ['/var/run/secret', ['nothing']],
  ['*.example.com', ['*.example.com -']],
  ['', []],
  ['10', ['nothing']],
] as const) {
  test(`an endpoint: ${text}`, () => assert.equal(read(text), [...expected]))
}

test.run()
