/// A point of a curve, in the curve's own units.
struct Point: Hashable, Sendable {
  let x: Double
  let y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A curve with no more points than a drawing can show.
///
/// - SeeAlso: Douglas and Peucker, "Algorithms for the reduction of the number of points required to
///   represent a digitized line or its caricature", 1973, doi:10.3138/FM57-6770-U75U-7727.
enum Polyline {
  /// The points with corners between them: each height holds from the point before on.
  static func steps(_ points: [Point]) -> [Point] {
    var corners: [Point] = []
    corners.reserveCapacity(points.count * 2)
    for (index, point) in points.enumerated() {
      if index > 0, points[index - 1].y != point.y, points[index - 1].x != point.x {
        corners.append(Point(points[index - 1].x, point.y))
      }
      corners.append(point)
    }
    return corners
  }

  /// The points that keep the curve within `tolerance` of the full one, at most `limit` of them.
  ///
  /// The first and the last point always stay. Where there would be more points than the limit, the
  /// tolerance is doubled until there are not.
  ///
  /// - Parameter tolerance: a distance in the units of the points, above 0.
  /// - Complexity: O(*n* log *n*) mostly, O(*n²*) at worst for *n* points.
  static func simplified(
    _ points: [Point], tolerance: Double, limit: Int = 300
  ) -> [Point] {
    precondition(tolerance > 0 && limit >= 2, "a curve needs a tolerance and two points")
    guard points.count > 2 else { return points }
    var tolerance = tolerance
    while true {
      let kept = kept(points, tolerance: tolerance)
      if kept.count <= limit { return kept }
      tolerance *= 2
    }
  }

  private static func kept(_ points: [Point], tolerance: Double) -> [Point] {
    var isKept = [Bool](repeating: false, count: points.count)
    isKept[0] = true
    isKept[points.count - 1] = true
    // Stretches whose inner points are still to be judged.
    var open = [(first: 0, last: points.count - 1)]
    while let (first, last) = open.popLast() {
      guard last - first > 1 else { continue }
      var farthest = first
      var largest = tolerance * tolerance
      for index in first + 1..<last {
        let distance = squaredDistance(points[index], points[first], points[last])
        if distance > largest {
          largest = distance
          farthest = index
        }
      }
      guard farthest > first else { continue }
      isKept[farthest] = true
      open.append((first, farthest))
      open.append((farthest, last))
    }
    return points.indices.filter { isKept[$0] }.map { points[$0] }
  }

  /// The squared distance of a point from the line segment between two others.
  private static func squaredDistance(_ point: Point, _ start: Point, _ end: Point) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = dx * dx + dy * dy
    let share =
      length > 0
      ? min(max(((point.x - start.x) * dx + (point.y - start.y) * dy) / length, 0), 1) : 0
    let (x, y) = (point.x - start.x - share * dx, point.y - start.y - share * dy)
    return x * x + y * y
  }

  /// The height at `x` of a curve whose points do not go back in x, by straight lines; the highest
  /// where it rises straight up.
  static func height(of points: [Point], at x: Double) -> Double {
    guard let first = points.first, let last = points.last else { return .nan }
    if x < first.x { return first.y }
    if x >= last.x { return last.y }
    var low = 0
    var high = points.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle].x <= x { low = middle } else { high = middle }
    }
    let (before, after) = (points[low], points[high])
    guard after.x > before.x else { return after.y }
    return before.y + (after.y - before.y) * (x - before.x) / (after.x - before.x)
  }

  /// The mean height of curves at 201 places.
  static func mean(_ curves: [[Point]]) -> [Point] {
    let places = (0...200).map { Double($0) / 200 }
    let start = curves.reduce(0) { $0 + ($1.first?.y ?? 0) } / Double(max(1, curves.count))
    return [Point(0, start)]
      + places.map { x in
        let sum = curves.reduce(0) { $0 + height(of: $1, at: x) }
        return Point(x, sum / Double(max(1, curves.count)))
      }
  }
}
