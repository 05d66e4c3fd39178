#!/bin/bash -eu
# Builds the fuzz targets as OSS-Fuzz asks for it: CC, CXX, CFLAGS, CXXFLAGS and LIB_FUZZING_ENGINE come from there, and
# $OUT gets the programs, their dictionaries and their corpora. Outside of its container, in the project's folder:
#
#   CC=clang CXX=clang++ CXXFLAGS='-fsanitize=fuzzer-no-link,address' LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
#     OUT=/tmp/out fuzz/oss-fuzz/build.sh [TARGET...]
#
# The system's Botan and fmt are used where $SRC has no copies of theirs.
if [ -n "${SRC:-}" ]; then cd "$SRC/hawser"; else cd "$(dirname "$0")/../.."; fi
work=${WORK:-$OUT/work}
jobs=${JOBS:-$(nproc)}
mkdir -p "$work" "$OUT"

if [ -n "${SRC:-}" ] && [ -d "$SRC/botan" ]; then
  (
    cd "$SRC/botan"
    ./configure.py --prefix="$work/deps" --cc=clang --cc-bin="$CXX" --cc-abi-flags="$CXXFLAGS" --disable-shared \
      --without-documentation --with-build-dir="$work/botan" --build-targets=static
    make -f "$work/botan/Makefile" -j"$jobs" install
  )
fi
if [ -n "${SRC:-}" ] && [ -d "$SRC/fmt" ]; then
  cmake -S "$SRC/fmt" -B "$work/fmt" -DCMAKE_INSTALL_PREFIX="$work/deps" -DFMT_TEST=OFF -DFMT_DOC=OFF
  cmake --build "$work/fmt" -j"$jobs" --target install
fi
export PKG_CONFIG_PATH="$work/deps/lib/pkgconfig:$work/deps/lib64/pkgconfig:${PKG_CONFIG_PATH:-}"

if [ ! -f "$work/hawser/build.ninja" ]; then
  meson setup "$work/hawser" -Dfuzz=true -Dtests=false -Dinterop=false -Dtools=false -Dexamples=false \
    -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Db_lundef=false --buildtype=debugoptimized
fi
[ $# -gt 0 ] || set -- $(ls fuzz/corpus)
for target in "$@"; do
  ninja -C "$work/hawser" -j"$jobs" "fuzz/fuzz_$target" "fuzz/fuzz_$target.dict"
  cp "$work/hawser/fuzz/fuzz_$target" "$work/hawser/fuzz/fuzz_$target.dict" "$OUT/"
  rm -f "$OUT/fuzz_${target}_seed_corpus.zip"
  (cd "fuzz/corpus/$target" && python3 -m zipfile -c "$OUT/fuzz_${target}_seed_corpus.zip" ./*)
done
