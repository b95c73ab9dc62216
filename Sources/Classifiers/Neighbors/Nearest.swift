/// How far apart two samples are.
enum Distance: Hashable, Sendable {
  /// The sum of absolute differences (p = 1).
  case manhattan
  /// The square root of the sum of squared differences (p = 2).
  case euclidean
}

/// The nearest samples found so far, nearest first; equally near ones by row.
struct Nearest: ~Copyable {
  private let distanceBuffer: Buffer<Double>
  private let rowBuffer: Buffer<Int32>
  let capacity: Int

  /// Squared distances for ``Distance/euclidean``, plain ones otherwise.
  @inline(__always) var distances: UnsafeMutablePointer<Double> { distanceBuffer.start }
  @inline(__always) var rows: UnsafeMutablePointer<Int32> { rowBuffer.start }

  init(capacity: Int) {
    distanceBuffer = Buffer(repeating: .infinity, count: capacity)
    rowBuffer = Buffer(repeating: .max, count: capacity)
    self.capacity = capacity
  }

  /// What a sample must not exceed to be among the nearest.
  @inline(__always) var limit: Double { distances[capacity &- 1] }

  func reset() {
    distances.update(repeating: .infinity, count: capacity)
    rows.update(repeating: .max, count: capacity)
  }

  /// Takes a sample in, unless as many are nearer or, at the same distance, came first.
  ///
  /// - Returns: whether it was taken in.
  @inline(__always) @discardableResult
  func insert(_ distance: Double, row: Int32) -> Bool {
    var place = capacity &- 1
    guard distance < distances[place] || (distance == distances[place] && row < rows[place]) else {
      return false
    }
    while place > 0,
      distance < distances[place &- 1]
        || (distance == distances[place &- 1] && row < rows[place &- 1])
    {
      distances[place] = distances[place &- 1]
      rows[place] = rows[place &- 1]
      place &-= 1
    }
    distances[place] = distance
    rows[place] = row
    return true
  }

  /// Samples are in order, and none is there twice.
  func assertInvariants() {
    #if DEBUG
      for place in 1..<max(1, capacity) where rows[place] != .max {
        precondition(
          (distances[place - 1], rows[place - 1]) < (distances[place], rows[place]),
          "neighbours \(place - 1) and \(place) are not in order")
      }
    #endif
  }
}
