import LinearAlgebra

/// The leaves of a ``SampleTree`` as blocks of numbers from which one matrix product gives distances.
///
/// A block has a column for each sample, and a row for each feature, −2 times its numbers, and one more for
/// ‖r‖². A query q with a 1 below its numbers, times the block, is
///
///     −2 q·r + ‖r‖² = ‖q − r‖² − ‖q‖²
///
/// for every sample r. For Manhattan distances, which no product gives, rows have the numbers themselves.
struct SampleBlocks: ~Copyable {
  /// Columns are padded to whole vectors of so many, with NaN, which is not up to any limit.
  static var laneCount: Int { 16 }

  let featureCount: Int
  let distance: Distance
  /// The first column of each leaf, and the end of the last one's.
  let starts: Buffer<Int32>
  /// Leaf after leaf, row after row.
  let values: Buffer<Float>
  /// Of each leaf, what rounding can do to a distance: x + y ‖q‖, see ``QueryState``.
  let errors: Buffer<SIMD2<Float>>

  /// One row more than there are features.
  var height: Int { featureCount + 1 }
  let widest: Int

  init(
    _ rows: [Float], _ tree: SampleTree, featureCount: Int, distance: Distance, threads: Int
  ) {
    let lanes = Self.laneCount
    let leafCount = tree.leafCount
    let starts = (0..<leafCount).reduce(into: [Int32(0)]) { starts, leaf in
      let count = tree.items(ofLeaf: leaf).count
      starts.append(starts[leaf] + Int32((count + lanes - 1) / lanes * lanes))
    }
    let columnCount = Int(starts[leafCount])
    let height = featureCount + 1
    let values = Buffer<Float>(uninitializedCount: columnCount * height)
    let errors = Buffer(repeating: SIMD2<Float>.zero, count: leafCount)
    nonisolated(unsafe) let (output, bounds) = (values.start, errors.start)
    rows.withUnsafeBufferPointer { rows in
      nonisolated(unsafe) let rows = rows.baseAddress!
      let errorBound = ErrorBound(distance, featureCount: featureCount)
      Parallelism.forEach(leafCount, threads: threads) { leaf, _ in
        let block = Block(
          values: output + Int(starts[leaf]) * height,
          width: Int(starts[leaf + 1] - starts[leaf]), featureCount: featureCount,
          distance: distance)
        bounds[leaf] = errorBound.leaf(block.fill(tree.items(ofLeaf: leaf), rows))
      }
    }
    self.values = values
    self.errors = errors
    self.starts = Buffer(starts)
    widest = zip(starts, starts.dropFirst()).map { Int($1 - $0) }.max() ?? 0
    self.featureCount = featureCount
    self.distance = distance
  }
}

/// A leaf's block while it is filled.
private struct Block {
  let values: UnsafeMutablePointer<Float>
  let width: Int
  let featureCount: Int
  let distance: Distance

  /// Returns the largest length of a sample.
  func fill(_ items: ArraySlice<Int32>, _ rows: UnsafePointer<Float>) -> Float {
    let lanes = SampleBlocks.laneCount
    let factor: Float = distance == .euclidean ? -2 : 1
    var longest: Float = 0
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: lanes) { some in
      for column in stride(from: 0, to: width, by: lanes) {
        let used = min(lanes, items.count - column)
        for lane in 0..<lanes {
          let item = items[items.startIndex + column + min(lane, used - 1)]
          some.initializeElement(at: lane, to: rows + Int(item) * featureCount)
        }
        // Rows are read side by side, so that whole vectors are written.
        let output = values + column
        for feature in 0..<featureCount {
          for lane in 0..<lanes { output[feature * width + lane] = factor * some[lane][feature] }
        }
        for lane in 0..<used {
          let norm = distance.norm(some[lane], featureCount)
          output[featureCount * width + lane] = norm
          longest = max(longest, distance.length(norm))
        }
        for lane in used..<lanes {
          for row in 0...featureCount { output[row * width + lane] = .nan }
        }
      }
    }
    return longest
  }
}

extension Distance {
  /// ‖x‖² of numbers, or the sum of their magnitudes for Manhattan distances.
  @inline(__always)
  func norm(_ numbers: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = 0.0
    switch self {
    case .euclidean:
      for index in 0..<count { sum += Double(numbers[index]) * Double(numbers[index]) }
    case .manhattan: for index in 0..<count { sum += Double(abs(numbers[index])) }
    }
    return Float(sum)
  }

  /// ‖x‖, rounded up.
  @inline(__always)
  func length(_ norm: Float) -> Float {
    (self == .euclidean ? norm.squareRoot() : norm) * 1.0001
  }
}

/// What rounding can do to approximate distances.
///
/// A number is moved by 2⁻²⁴ of its magnitude at most when it is converted, and so the vector from q to r by
/// 2⁻²⁴ (‖q‖ + ‖r‖), and its squared length, at most (‖q‖ + ‖r‖)², by twice 2⁻²⁴ of that. A product of f + 1
/// terms is off by f + 1 times 2⁻²⁴ of their magnitudes, 2 ‖q‖ ‖r‖ + ‖r‖² at most, in whatever order it is
/// summed. Three steps more round ‖r‖² and what is added and compared, and an eighth covers terms of second
/// order. With R for a leaf's longest sample that is
///
///     1.125 · 2⁻²⁴ · ((f + 4) (2 ‖q‖ R + R²) + 2 (‖q‖ + R)²).
///
/// A sum of absolute differences, at most ‖q‖ + R, is moved and rounded by f + 4 times 2⁻²⁴ of that.
struct ErrorBound {
  private let distance: Distance
  private let unit: Float
  private let steps: Float
  /// What the limit for boxes is multiplied by. The distance to a box is rounded by as many steps, relative to itself;
  /// and with √D ≤ √L + 2⁻²⁴ (2 ‖q‖ + √D) for a distance L of which converted numbers make D, D ≤ (1 + ε) L + 2⁻²⁶ ‖q‖²
  /// for ε = 2⁻¹⁹.
  let boxFactor: Float

  init(_ distance: Distance, featureCount: Int) {
    self.distance = distance
    unit = 0x1.2p-24
    steps = Float(featureCount + 6)
    boxFactor = 1 + max(0x1p-18, steps * 0x1p-22)
  }

  /// The terms of the error that a leaf decides: x + y ‖q‖.
  func leaf(_ length: Float) -> SIMD2<Float> {
    // Numbers so small that they are rounded to multiples of the least one do not count.
    let least = steps * Float.leastNormalMagnitude
    return switch distance {
    case .euclidean: SIMD2(unit * steps * length * length + least, 2 * unit * steps * length)
    case .manhattan: SIMD2(unit * steps * length + least, unit * steps)
    }
  }

  /// The term that a query decides.
  @inline(__always)
  func query(_ length: Float) -> Float { distance == .euclidean ? 2 * unit * length * length : 0 }
}
