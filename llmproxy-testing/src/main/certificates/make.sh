#!/bin/sh
# Makes the module's key store anew; README.md says what is in it.
set -eu
cd "$(dirname "$0")"
store=../resources/dev/llmproxy/testing/certificates.p12
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f "$store"

kt() { keytool -storetype PKCS12 -storepass testing "$@" 2>"$work/log" || { cat "$work/log"; exit 1; }; }
pair() { kt -genkeypair -keyalg EC -groupname secp256r1 -sigalg SHA256withECDSA "$@"; }

# signed ALIAS NAME ALTERNATIVE-NAMES START DAYS
signed() {
  pair -keystore "$store" -alias "$1" -dname "CN=$2"
  kt -certreq -keystore "$store" -alias "$1" -file "$work/csr"
  kt -gencert -keystore "$work/authority.p12" -alias authority -infile "$work/csr" -outfile "$work/crt" \
    -sigalg SHA256withECDSA -startdate "$4" -validity "$5" \
    -ext "san=$3" -ext ku:c=digitalSignature -ext eku=serverAuth,clientAuth
  kt -importcert -keystore "$store" -alias "$1" -file "$work/crt" -noprompt
}

century=36500
here=dns:localhost,ip:127.0.0.1,ip:::1
# The authority's own key is thrown away with $work: nobody can sign anything else with it.
pair -keystore "$work/authority.p12" -alias authority -dname "CN=llmproxy testing authority" \
  -startdate 2020/01/01 -validity $century -ext bc:c=ca:true -ext ku:c=keyCertSign,cRLSign
kt -exportcert -keystore "$work/authority.p12" -alias authority -file "$work/authority.crt"
kt -importcert -keystore "$store" -alias authority -file "$work/authority.crt" -noprompt
signed trusted       localhost        "$here"           2020/01/01 $century
signed expired       localhost        "$here"           2020/01/01 365
signed not-yet-valid localhost        "$here"           2110/01/01 365
signed wrong-host    other.invalid    dns:other.invalid 2020/01/01 $century
signed client        "testing client" dns:client.invalid 2020/01/01 $century
pair -keystore "$store" -alias self-signed -dname CN=localhost -startdate 2020/01/01 -validity $century \
  -ext "san=$here" -ext ku:c=digitalSignature -ext eku=serverAuth
