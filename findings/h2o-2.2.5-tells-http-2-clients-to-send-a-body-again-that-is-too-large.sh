#!/usr/bin/env bash
# H2O 2.2.5 (Debian 12) refuses a body beyond `limit-request-body` with 413 over HTTP/1.1, and over HTTP/2 by resetting the stream with
# REFUSED_STREAM. That code says that nothing of the request was looked at and that it may be sent again (RFC 9113 section 8.7), so clients do:
# curl 7.88.1 sends the same body six times or so, and then says that the connection died. Nobody is told that the body is too large.
#
# Seen, of a body of 2,000,000 bytes where 1,000,000 are allowed:
#   HTTP/1.1: status 413, sent once
#   HTTP/2: no status, refused and sent anew more than twice, curl's exit code 56
set -euo pipefail
folder=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
# Unpacked here, and not installed.
fetch() { apt-get download --quiet --quiet h2o libyaml-0-2 curl libcurl4 libnghttp2-14 > /dev/null 2>&1; }
fetch || { apt-get update > /dev/null; fetch; }
for package in ./*.deb; do dpkg-deb --extract "$package" root; done
export LD_LIBRARY_PATH=$(dirname "$(find root -name 'libyaml-0.so.2' | head -1)")
LD_LIBRARY_PATH=$folder/$LD_LIBRARY_PATH
root/usr/bin/h2o --version | grep --fixed-strings '2.2.5' > /dev/null || { root/usr/bin/h2o --version; exit 1; }
root/usr/bin/curl --version | grep --fixed-strings 'curl 7.88.1 ' > /dev/null || { root/usr/bin/curl --version; exit 1; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir documents
cat > h2o.conf <<CONFIGURATION
num-threads: 1
listen: { host: 127.0.0.1, port: $port }
limit-request-body: 1000000
hosts: { default: { paths: { /: { file.dir: "$folder/documents" } } } }
CONFIGURATION
setpriv --reuid=nobody --clear-groups env "LD_LIBRARY_PATH=$LD_LIBRARY_PATH" root/usr/bin/h2o -m worker -c h2o.conf > log 2>&1 &
server=$!
send() { root/usr/bin/curl --silent --verbose --noproxy '*' --header 'Expect:' --data-binary @body --write-out '%{stderr}status %{http_code}\n' "$@" "http://127.0.0.1:$port/" > answer 2> said; }
for _ in $(seq 200); do root/usr/bin/curl --silent --noproxy '*' "http://127.0.0.1:$port/" > answer && break || sleep 0.05; done
head --bytes 2000000 /dev/zero > body
{
  send --http1.1
  echo "HTTP/1.1: $(grep --text --only-matching 'status 413' said), sent once"
  code=0
  send --http2-prior-knowledge || code=$?
  echo "HTTP/2: $(grep --text --quiet 'status 000' said && echo 'no status'), refused and sent anew $([ "$(grep --text --count 'REFUSED_STREAM, retrying' said)" -gt 2 ] && echo 'more than twice'), curl's exit code $code"
} > seen
cat seen
diff seen - <<'SEEN'
HTTP/1.1: status 413, sent once
HTTP/2: no status, refused and sent anew more than twice, curl's exit code 56
SEEN
echo "as found"
