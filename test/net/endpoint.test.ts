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
  ['postgres://$(DB_USER):$(DB_PASSWORD)@db.example.com:5433/$(DB_NAME)', ['db.example.com 5433']],
  ['redis://:${PASSWORD:-hunt/er2}@cache.example.com', ['cache.example.com 6379']],
  ['https://api.example.com/?token=$(TOKEN)', ['api.example.com 443']],
  ['host=db.example.com password=$(DB_PASSWORD)', ['db.example.com -']],
  ['user:$(DB_PASSWORD)@tcp(mysql.example.com:3306)/app', ['mysql.example.com 3306']],
  ['postgres://u:$(DB_PASSWORD)@$(DB_HOST)/x', ['unclear']],
  ['$(SCHEME)://example.com', ['unclear']],
  ['https://a.example.com,https://$(B)', ['a.example.com 443', 'unclear']],
  ['https://u:pa,x://y@a.example.com', ['unclear']],
  ['https://u:1234/@a.example.com', ['unclear']],
  ['https://u:1234?x=y@a.example.com', ['unclear']],
  ['https://hunter2/@a.example.com', ['unclear']],
  ['https://u:p@hunter2;x@a.example.com', ['unclear']],
  ['https://u:p@hunter2 x@a.example.com', ['unclear']],
  ['api-key=a,hunter2', ['unclear']],
  ['{"a":"b,hunter2"}', ['unclear']],
  ['Authorization: Basic a@hunter2', ['unclear']],
  ['db.example.com?password=a,hunter2:1', ['db.example.com -']],
  ['https://db.example.com?password=a,hunter2:1', ['db.example.com 443']],
  ['https://a.example.com,grpc://b.example.com:1', ['a.example.com 443', 'b.example.com 1']],
  ['Server=db.example.com;Password=a@tcp(hunter2)', ['db.example.com -']],
  ['localhost:8080', ['local']],
  ['127.0.0.1:8080', ['local']],
  ['[::]:8080', ['local']],
  ['0.0.0.0:4317', ['local']],
  [':8080', ['local']],
  [':$(PORT)', ['local']],
  ['http://:8080/', ['local']],
  ['tcp://:8080', ['local']],
  ['unix:///run/app.sock', ['local']],
  ['s3://bucket/prefix', ['nothing']],
  ['file:test.db?cache=shared', ['nothing']],
  ['sqlite://data.db', ['nothing']],
  ['jdbc:sqlite:/var/data.db', ['nothing']],
  ['jdbc:h2:mem:test', ['nothing']],
  ['jdbc:derby:test;create=true', ['nothing']],
  [':memory:', ['nothing']],
  ['/var/run/secret', ['nothing']],
  ['*.example.com', ['*.example.com -']],
  ['', []],
  ['10', ['nothing']],
  ['none', ['nothing']],
  ['10.0.0.0/8', ['10.0.0.0/8 -']],
  ['999.1.1.1:6379', ['unclear']],
  ['mongodb+srv://m.example.com/db', ['unclear']],
  ['socks5://proxy.example.com', ['proxy.example.com 1080']],
  ['postgres:///db?host=h.example.com', ['h.example.com 5432']],
  ['postgres:///db', ['nothing']],
  ['TRUE', ['nothing']],
  ['https://1.1.1.1/dns-query,8.8.8.8:53', ['1.1.1.1 443', '8.8.8.8 53']],
  ['https://a.example.com/one,two', ['a.example.com 443']],
  ['host=db.example.com port=5433 password=hunter2', ['db.example.com 5433']],
  ['Server=tcp:db.example.com;Password=hunter2', ['db.example.com -']],
  ['user:pass@tcp(mysql.example.com:3306)/app', ['mysql.example.com 3306']],
  ['sqlserver://db.example.com:1433;password=hunter2', ['db.example.com 1433']],
  ['postgres://u:p@hunter2@db.example.com', ['db.example.com 5432']],
  ['postgres://u:hunt/er2@db.example.com', ['unclear']],
  ['redis://u:1234/S3CRET@db', ['unclear']],
  ['amqp://user:1234,S3C@host', ['host 5672']],
  ['amqp://user:12,34/S3C@host', ['unclear']],
  ['user:1234,S3C@host:5672', ['host 5672']],
  ['user:1234,5@host:5672', ['host 5672']],
  ['mongodb://u:a,b@one,two/db', ['one 27017', 'two 27017']],
  ['1@one:9093,2@two:9093', ['one 9093', 'two 9093']],
  ['https://example.com/@someone', ['example.com 443']],
  ['oci://ghcr.io/a/b@sha256:0123', ['ghcr.io 443']],
  ['https://example.com/x?to=a@b.example', ['example.com 443']],
] as const) {
  test(`an endpoint: ${text}`, () => assert.equal(read(text), [...expected]))
}

test('no problem quotes what may be a password', () => {
  for (const text of ['postgres://u:hunt/er2@db', 'https://u:hunter2', 'u:hunter2@[x]:1', 'a b hunter2'])
    assert.not.match(JSON.stringify(parseEndpoints(text).filter(({ is }) => is === 'unclear')), /hunt/)
})

test('of a reference only the name is quoted', () => {
  const quoted = (text: string): string => parseEndpoints(text).flatMap(found => (found.is === 'unclear' ? [found.problem.split(',')[0] ?? ''] : []))[0] ?? ''
  assert.is(quoted('postgres://u@${DB_HOST:-hunter2}/x'), 'holds ${DB_HOST}')
  assert.is(quoted('postgres://u@${DB_HOST-hunter2}/x'), 'holds ${DB_HOST}')
  assert.is(quoted('$(MY-HOST):80'), 'holds $(MY-HOST)')
  assert.is(quoted('$(P=hunter2 cat):80'), 'holds $(P)')
  assert.is(quoted('${env:HOST:-hunter2}:80'), 'holds ${env:HOST}')
  assert.is(quoted('{{ .x | default "hunter2" }}:80'), 'holds {{ .x | default …}}')
})

test('long texts of openers take no time', () => {
  for (const opener of ['$(', '${', '{{', '<no ', 'a:', 'a,', ',a://', '@tcp(', 'host=', ' ', ';port=', '/?a=', '@', '${a-', '/@'])
    assert.ok(parseEndpoints(opener.repeat(50_000)).length >= 0)
})

test.run()
