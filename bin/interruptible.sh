# shellcheck shell=sh
# Functions for the scripts of this folder.

# Run a program or a function until its end. A signal ends it with its processes, then the script.
interruptible() {
  trap 'interrupt INT' INT
  trap 'interrupt TERM' TERM
  trap 'interrupt HUP' HUP
  "$@" &
  code=0
  # The shell would report each signal, also the expected ones.
  wait $! 2>/dev/null || code=$?
  trap - INT TERM HUP
  case $code in
    134 | 135 | 137 | 139)
      echo "error: $1 was ended by signal $((code - 128)): is there enough memory?" >&2
      ;;
  esac
  return $code
}

interrupt() {
  # make repeats a signal. The program ends soon.
  trap '' INT TERM HUP
  # The signal may arrive before the program has started.
  if [ -n "${!-}" ]; then
    # shellcheck disable=SC2046 # numbers
    kill -s TERM $! $(descendants $!) 2>/dev/null || :
    wait $! 2>/dev/null || :
  fi
  # make would add a line about a recipe that has failed. So it gets the signal, and ends silently.
  if [ -n "${make-}" ]; then
    kill -s "$1" "$make" 2>/dev/null || :
    exit 0
  fi
  # make gets a Ctrl-C too. If its recipe ends before that, make fails with exit code 2.
  sleep 0.2 2>/dev/null || sleep 1
  trap - "$1"
  kill -s "$1" $$
}

# Print the processes that a process has started, and theirs. Those in a group of their own, such as
# the emulator, are left out: the program ends them when it needs them no more.
descendants() {
  ps -A -o pid= -o ppid= -o pgid= 2>/dev/null | awk -v first="$1" '
    { parent[$1] = $2; group[$1] = $3 }
    END {
      for (process in parent) {
        if (group[process] != group[first]) continue
        for (each = parent[process]; each in parent && each != first; each = parent[each]);
        if (each == first) print process
      }
    }'
}

# uv's cache is in the user's home. If that is no folder, it is in the checkout.
choose_cache() {
  if [ -n "${HOME-}" ] && [ ! -d "$HOME" ] && [ -z "${UV_CACHE_DIR-}${XDG_CACHE_HOME-}" ]; then
    export UV_CACHE_DIR="$1/.cache/uv-cache"
  fi
}

# infra/package/uv.py has the same list of uv's variables, infra/processes/environment.py of Python's.
drop_variables() {
  # shellcheck disable=SC2013 # names have no spaces
  for name in $(awk 'BEGIN { for (name in ENVIRON) print name }'); do
    case $name in
      *[!A-Za-z0-9_]* | PYTHON_* | PYTHONFAULTHANDLER | PYTHONUNBUFFERED) ;;
      UV_CACHE* | UV_CONCURRENT* | UV_CONFIG_FILE* | UV_CREDENTIALS* | UV_DEFAULT_INDEX*) ;;
      UV_EXTRA_INDEX* | UV_FIND_LINKS* | UV_GCS* | UV_GITHUB_TOKEN* | UV_HTTP* | UV_INDEX*) ;;
      UV_INSECURE_HOST* | UV_KEYRING* | UV_NATIVE_TLS* | UV_NO_INDEX* | UV_OFFLINE*) ;;
      UV_PYPY_INSTALL_MIRROR* | UV_PYTHON_CACHE_DIR* | UV_PYTHON_DOWNLOADS*) ;;
      UV_PYTHON_INSTALL_DIR* | UV_PYTHON_INSTALL_MIRROR* | UV_REQUEST* | UV_S3*) ;;
      UV_SYSTEM_CERTS*) ;;
      UV_* | PYTHON* | CONDA_PREFIX | VIRTUAL_ENV) unset "$name" ;;
    esac
  done
}
