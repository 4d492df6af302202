#!/bin/sh
# Makes vega.js in the folder it is called from; README.md beside this file says when and why.
set -eu
work=$(mktemp -d)
here=$(pwd)
cd "$work"
npm init --yes >/dev/null
npm install --no-audit --no-fund vega@6.2.0 vega-interpreter@2.2.1 esbuild@0.28.2 >/dev/null

# The interpreter takes what it shares with Vega from the published bundle, loaded before it.
mkdir stub
echo 'export const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;' >stub/util.js
echo 'export { expressionInterpreter } from "vega-interpreter";' >entry.js
node_modules/.bin/esbuild entry.js --bundle --minify --format=iife --global-name=vegaInterpreter \
  --target=es2020 --alias:vega-util=./stub/util.js --outfile=interpreter.js --log-level=warning

{
  echo '/* vega 6.2.0 and vega-interpreter 2.2.1; licences in LICENSE.txt */'
  sed '/^\/\/# sourceMappingURL/d' node_modules/vega/build/vega.min.js
  echo
  cat interpreter.js
} >"$here/vega.js"
rm -r "$work"
