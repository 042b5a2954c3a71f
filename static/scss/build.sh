#!/bin/sh
# Rebuilds ../css/alianza.css and ../css/first.css from this folder. Needed only when a .scss file changes; the results are
# committed. Node 20 or newer. Versions are pinned here so that two people get the same bytes. Leaves nothing else behind.
set -e
cd "$(dirname "$0")"
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
npm install --prefix "$tools" --no-package-lock --ignore-scripts @uswds/uswds@3.14.0 sass@1.108.2 lightningcss@1.33.0 >/dev/null
for name in alianza first; do
  "$tools/node_modules/.bin/sass" --no-source-map --style=compressed --quiet-deps \
    --load-path="$tools/node_modules/@uswds/uswds/packages" "$name.scss" "../css/$name.css"
  NODE_PATH="$tools/node_modules" node -e '
    const fs = require("fs"), { transform } = require("lightningcss"), file = process.argv[1];
    const targets = { chrome: 114 << 16, firefox: 125 << 16, safari: 17 << 16 };
    fs.writeFileSync(file, transform({ filename: file, code: fs.readFileSync(file), minify: true, targets }).code);
  ' "../css/$name.css"
done
