internal import COpenBLAS

/// OpenBLAS's kernels: its code for a kind of processor.
///
/// An OpenBLAS that is older than the processor does not know it and takes its slowest kernels; products then take
/// two to four times as long. Such a choice is replaced by the fastest kernels that the processor has instructions
/// for. Others stay, and so does what the environment's `OPENBLAS_CORETYPE` names.
extension BLAS {
  /// OpenBLAS's version and the kernels that it uses, such as `0.3.21 (Haswell)`.
  public static var version: String {
    prepare()
    return "\(libraryVersion) (\(kernels))"
  }

  /// The name of the kernels in use.
  static var kernels: String { String(cString: openblas_get_corename()) }

  /// The second word of, say, `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH Haswell MAX_THREADS=64`.
  private static var libraryVersion: String {
    let words = String(cString: openblas_get_config()).split(separator: " ")
    return words.count > 1 && words[0] == "OpenBLAS" ? String(words[1]) : "unknown"
  }

  /// Replaces the kernels if they are the ones for unknown processors.
  static func replaceFallbackKernels() {
    guard is_openblas_open_to_choice() != 0 else { return }
    let faster = fasterKernels(
      than: kernels, hasAVX2: has_avx2_and_fma() != 0, hasAVX512: has_avx512() != 0)
    for name in faster {
      choose_openblas_kernels(name)
      if kernels == name, areProductsRight() { return }
    }
    if !faster.isEmpty { choose_openblas_kernels(nil) }
  }

  /// Kernels to try instead of those that OpenBLAS took by itself, the fastest first.
  static func fasterKernels(than kernels: String, hasAVX2: Bool, hasAVX512: Bool) -> [String] {
    guard kernels == "Prescott", hasAVX2 else { return [] }
    return hasAVX512 ? ["SkylakeX", "Haswell"] : ["Haswell"]
  }

  /// Whether products are those of plain loops; kernels of some releases are wrong on some processors.
  ///
  /// All sums are multiples of 2⁻¹² below 2⁸, so that none is rounded.
  static func areProductsRight() -> Bool {
    let sizes = [(1, 1, 1), (3, 50, 9), (17, 128, 10), (64, 33, 51), (130, 16, 200)]
    return sizes.allSatisfy { rows, columns, inner in
      let a = (0..<rows * inner).map { Double($0 * 37 % 101) / 64 - 0.75 }
      let b = (0..<columns * inner).map { Double($0 * 53 % 103) / 64 - 0.75 }
      var single = [Float](repeating: .nan, count: rows * columns)
      let columnwise = (0..<inner * columns).map { Float(b[$0 % columns * inner + $0 / columns]) }
      product(
        rows: rows, columns: columns, inner: inner, a.map { Float($0) }, stride: inner, columnwise,
        &single)
      var double = [Double](repeating: .nan, count: rows * columns)
      productWithTransposed(
        rows: rows, columns: columns, inner: inner, alpha: 1, a, b, &double)
      let expected = (0..<rows * columns).map { place in
        (0..<inner).reduce(0.0) {
          $0 + a[place / columns * inner + $1] * b[place % columns * inner + $1]
        }
      }
      return double == expected && single.map { Double($0) } == expected
    }
  }
}
