/// The first place for which a condition holds that holds for all later ones; `end` where it holds for none.
@inline(__always)
func firstPlace(below end: Int, where holds: (Int) -> Bool) -> Int {
  var (low, high) = (0, end)
  while low < high {
    let middle = (low + high) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}

extension UnsafeMutablePointer {
  /// Moves the elements from a place on up by one, over the last of `count`.
  func makeRoom(at place: Int, count: Int) {
    (self + place + 1).update(from: self + place, count: count - 1 - place)
  }
}

/// How far apart two samples are.
enum Distance: Hashable, Sendable {
  /// The sum of absolute differences (p = 1).
  case manhattan
  /// The square root of the sum of squared differences (p = 2).
  case euclidean
}

/// The nearest samples found so far, nearest first; while they are inserted, equally near ones by row.
struct Nearest: ~Copyable {
  private let distanceBuffer: Buffer<Double>
  private let rowBuffer: Buffer<Int32>
  let capacity: Int
  /// Behind the distances: the last one that was left out at the limit of its time.
  @inline(__always) private var leftOut: UnsafeMutablePointer<Double> { distances + capacity }

  /// Squared distances for ``Distance/euclidean``, plain ones otherwise.
  @inline(__always) var distances: UnsafeMutablePointer<Double> { distanceBuffer.start }
  @inline(__always) var rows: UnsafeMutablePointer<Int32> { rowBuffer.start }

  init(capacity: Int) {
    distanceBuffer = Buffer(repeating: .infinity, count: capacity + 1)
    rowBuffer = Buffer(repeating: .max, count: capacity)
    self.capacity = capacity
  }

  /// What a sample must not exceed to be among the nearest.
  @inline(__always) var limit: Double { distances[capacity &- 1] }

  /// Whether there was no room for a sample as near as the farthest of these.
  ///
  /// Each sample up to the limit must have been offered. Limits only fall: one as near as the last
  /// limit was left out when that was the limit already, and whatever was left out later was as
  /// near.
  @inline(__always) var isTied: Bool { leftOut.pointee == limit }

  func reset() {
    distances.update(repeating: .infinity, count: capacity + 1)
    rows.update(repeating: .max, count: capacity)
  }

  /// Takes a sample in, unless as many are nearer or, at the same distance, came first.
  ///
  /// - Returns: whether it was taken in.
  @inline(__always) @discardableResult
  func insert(_ distance: Double, row: Int32) -> Bool {
    var place = capacity &- 1
    let farthest = distances[place]
    guard distance < farthest || (distance == farthest && row < rows[place]) else {
      if distance == farthest { leftOut.pointee = farthest }
      return false
    }
    leftOut.pointee = farthest
    if capacity > Self.shortCapacity {
      place = placeAmongMany(distance, row)
    } else {
      while place > 0, isBefore(distance, row, place &- 1) {
        distances[place] = distances[place &- 1]
        rows[place] = rows[place &- 1]
        place &-= 1
      }
    }
    distances[place] = distance
    rows[place] = row
    return true
  }

  /// Up to so many, samples are moved one by one while a place is sought.
  static var shortCapacity: Int { 32 }

  @inline(__always)
  private func isBefore(_ distance: Double, _ row: Int32, _ place: Int) -> Bool {
    distance < distances[place] || (distance == distances[place] && row < rows[place])
  }

  /// Makes room for a sample that is nearer than the last one.
  @inline(never)
  private func placeAmongMany(_ distance: Double, _ row: Int32) -> Int {
    let place = firstPlace(below: capacity - 1) { isBefore(distance, row, $0) }
    distances.makeRoom(at: place, count: capacity)
    rows.makeRoom(at: place, count: capacity)
    return place
  }

  /// Samples are in order.
  func assertInvariants() {
    #if DEBUG
      for place in 1..<max(1, capacity) {
        precondition(
          distances[place - 1] <= distances[place],
          "neighbours \(place - 1) and \(place) are not in order")
      }
    #endif
  }
}
