#!/usr/bin/env bash
# Compiles each *.bpf.c here, or in the second directory given, into the first, without debug sections but with BTF.
set -euo pipefail
shopt -s nullglob
out=$1
headers=$(cd "$(dirname "$0")" && pwd)
cd "${2:-$headers}"

missing=()
command -v clang >/dev/null || missing+=(clang)
command -v llvm-strip >/dev/null || missing+=(llvm)
[ -e /usr/include/bpf/bpf_helpers.h ] || missing+=(libbpf-dev)
if [ ${#missing[@]} -gt 0 ]; then
  echo "The BPF programs can not be compiled: ${missing[*]} missing. Run: apt-get install clang llvm libbpf-dev" >&2
  exit 1
fi

mkdir -p "$out"
for source in *.bpf.c; do
  object=$out/${source%.c}.o
  if [ -e "$object" ] && [ -z "$(find . "$headers" -newer "$object" -print -quit)" ]; then
    continue
  fi
  # linux/types.h needs the asm/ headers, which Debian keeps by architecture.
  clang -O2 -g -target bpf -mcpu=v3 -Wall -Wextra -Werror -I"/usr/include/$(uname -m)-linux-gnu" \
    -I"$headers" \
    -c "$source" -o "$object.tmp"
  llvm-strip -g "$object.tmp"
  mv "$object.tmp" "$object"
done
