/// The nearest samples so far, the farthest on top, in the memory of a ``Nearest``.
///
/// What comes at the farthest one's distance is refused, and which of several farthest ones goes
/// next depends on the heap: both as in scikit-learn.
struct NeighborHeap {
  private let distances: UnsafeMutablePointer<Double>
  private let rows: UnsafeMutablePointer<Int32>
  private let count: Int

  init(in nearest: borrowing Nearest) {
    distances = nearest.distances
    rows = nearest.rows
    count = nearest.capacity
    distances.update(repeating: .infinity, count: count)
    rows.update(repeating: 0, count: count)
  }

  @inline(__always) var farthest: Double { distances[0] }

  @inline(__always)
  func push(_ distance: Double, row: Int32) {
    if distance < farthest { sink(distance, row, count: count) }
  }

  /// Puts a sample in the place of the farthest one of the first `count`.
  private func sink(_ distance: Double, _ row: Int32, count: Int) {
    var hole = 0
    while 2 * hole + 1 < count {
      var child = 2 * hole + 1
      if child + 1 < count, distances[child] < distances[child + 1] { child += 1 }
      guard distance < distances[child] else { break }
      distances[hole] = distances[child]
      rows[hole] = rows[child]
      hole = child
    }
    distances[hole] = distance
    rows[hole] = row
  }

  /// Brings the nearest to the front.
  func sort() {
    for last in stride(from: count - 1, to: 0, by: -1) {
      let (distance, row) = (distances[last], rows[last])
      distances[last] = distances[0]
      rows[last] = rows[0]
      sink(distance, row, count: last)
    }
  }
}
