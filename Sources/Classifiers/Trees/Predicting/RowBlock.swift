/// A block of rows that walk down trees, and boxes around them: the lowest and the highest codes of sixteen rows, of
/// four such boxes, and so on up to all rows.
///
/// If a threshold is outside of a box, all rows in it go the same way, and need one step together. From the first
/// threshold inside, rows walk by themselves.
struct RowBlock: ~Copyable {
  /// The most rows, which stay in the first-level cache together with a tree.
  static let rowCount = 256
  private static let rowsPerBox = 16
  private static let boxesPerBox = 4

  /// The boxes of a level, as a range of all boxes.
  private typealias Level = Range<Int>

  /// The number of codes of a row, including that of the leaves' feature.
  private let width: Int
  private let count: Int
  private let codes: Buffer<UInt16>
  /// From the smallest boxes to the one around all rows.
  private let levels: [Level]
  /// In each box, for each feature, the lowest code and the highest.
  private let bounds: Buffer<UInt16>
  /// The node that the rows of each box reach together.
  private let reached: Buffer<Int>
  /// The sums of shares: `classCount` numbers a row.
  let sums: Buffer<Double>

  init(_ rows: UnsafeBufferPointer<Int32>, of coded: CodedRows, trees: CodedTrees) {
    width = trees.featureCount + 1
    count = rows.count
    var levels: [Level] = []
    var boxCount = (count + Self.rowsPerBox - 1) / Self.rowsPerBox
    var total = 0
    repeat {
      levels.append(total..<total + boxCount)
      total += boxCount
      boxCount = (boxCount + Self.boxesPerBox - 1) / Self.boxesPerBox
    } while levels[levels.count - 1].count > 1
    self.levels = levels
    codes = Buffer(uninitializedCount: count * width)
    bounds = Buffer(uninitializedCount: total * width * 2)
    reached = Buffer(repeating: 0, count: total)
    sums = Buffer(repeating: 0, count: count * trees.classCount)
    coded.codes.withUnsafeBufferPointer { source in
      for (place, row) in rows.enumerated() {
        (codes.start + place * width).update(
          from: source.baseAddress! + Int(row) * width, count: width)
      }
    }
    for level in levels.indices { bound(level) }
    assertInvariants()
  }

  /// Every row's codes lie within the bounds of all boxes around it.
  func assertInvariants() {
    #if DEBUG
      for row in 0..<count {
        var box = row / Self.rowsPerBox
        for level in levels {
          let bounds = bounds.start + (level.lowerBound + box) * width * 2
          for feature in 0..<width {
            let code = codes.start[row * width + feature]
            precondition(
              bounds[2 * feature] <= code && code <= bounds[2 * feature + 1],
              "row \(row) is outside of its box in feature \(feature)")
          }
          box /= Self.boxesPerBox
        }
      }
    #endif
  }

  /// Finds the bounds of a level's boxes.
  private func bound(_ level: Int) {
    let partsPerBox = level == 0 ? Self.rowsPerBox : Self.boxesPerBox
    let partCount = level == 0 ? count : levels[level - 1].count
    for box in 0..<levels[level].count {
      let target = bounds.start + (levels[level].lowerBound + box) * width * 2
      let parts = box * partsPerBox..<min(partCount, (box + 1) * partsPerBox)
      for feature in 0..<width {
        var (low, high) = (UInt16.max, UInt16.min)
        for part in parts {
          if level == 0 {
            let code = codes.start[part * width + feature]
            low = min(low, code)
            high = max(high, code)
          } else {
            let source =
              bounds.start + ((levels[level - 1].lowerBound + part) * width + feature) * 2
            low = min(low, source[0])
            high = max(high, source[1])
          }
        }
        target[2 * feature] = low
        target[2 * feature + 1] = high
      }
      // A box ends at a leaf at the latest, since no row of shares has such a high number.
      target[2 * width - 1] = .max
    }
  }

  /// Finds the node of a tree that the rows of each box reach together.
  @inline(__always)
  func walkTogether(_ nodes: UnsafePointer<CodedTrees.Node>) {
    let reached = self.reached.start
    var above: Level?
    for level in levels.reversed() {
      for (number, box) in level.enumerated() {
        let bounds = UnsafeRawPointer(self.bounds.start + box &* width &* 2)
        var place = above.map { reached[$0.lowerBound &+ number / Self.boxesPerBox] } ?? 0
        while true {
          let node = nodes[place]
          let bound = bounds + 2 &* Int(node.codeOffset)
          let allGoRight = node.number < bound.load(as: UInt16.self) ? 1 : 0
          let someGoRight =
            node.number < bound.load(fromByteOffset: 2, as: UInt16.self) ? 1 : 0
          if allGoRight != someGoRight { break }
          place = place &+ Int(node.way) &+ allGoRight
        }
        reached[box] = place
      }
      above = level
    }
  }

  /// Calls `body` with every row's place, and the row of shares of the leaf that it reaches.
  @inline(__always)
  func walkApart(
    _ nodes: UnsafePointer<CodedTrees.Node>, _ body: (_ place: Int, _ shareRow: Int) -> Void
  ) {
    for first in stride(from: 0, to: count, by: 4) {
      let leaves = FourRows(codes.start, width: width, first: first, count: count)
        .leaves(nodes, from: reached.start[first / Self.rowsPerBox])
      for lane in 0..<min(4, count &- first) {
        body(first &+ lane, Int(nodes[leaves[lane]].number))
      }
    }
  }
}

/// The codes of four rows, which walk down a tree side by side, since each step waits for memory.
struct FourRows {
  private let a: UnsafeRawPointer
  private let b: UnsafeRawPointer
  private let c: UnsafeRawPointer
  private let d: UnsafeRawPointer

  /// Rows from `first` on; the last one is repeated if there are fewer than four.
  ///
  /// - Parameters:
  ///   - width: codes of a row.
  ///   - count: how many rows there are.
  @inline(__always)
  init(_ codes: UnsafePointer<UInt16>, width: Int, first: Int, count: Int) {
    a = UnsafeRawPointer(codes + first &* width)
    b = UnsafeRawPointer(codes + min(first &+ 1, count &- 1) &* width)
    c = UnsafeRawPointer(codes + min(first &+ 2, count &- 1) &* width)
    d = UnsafeRawPointer(codes + min(first &+ 3, count &- 1) &* width)
  }

  /// The rows with four numbers.
  @inline(__always)
  init(_ codes: UnsafePointer<UInt16>, width: Int, rows: UnsafePointer<Int32>) {
    a = UnsafeRawPointer(codes + Int(rows[0]) &* width)
    b = UnsafeRawPointer(codes + Int(rows[1]) &* width)
    c = UnsafeRawPointer(codes + Int(rows[2]) &* width)
    d = UnsafeRawPointer(codes + Int(rows[3]) &* width)
  }

  /// The leaves that the rows reach from a node.
  @inline(__always)
  func leaves(_ nodes: UnsafePointer<CodedTrees.Node>, from start: Int) -> SIMD4<Int> {
    leaves(nodes, from: SIMD4(repeating: start)) { _, _, _ in }
  }

  /// The leaves that the rows reach, each from a node of its own.
  ///
  /// - Parameter passing: gets each node that a row passes, and 1 where the row goes right, 0 where it goes left. A row
  ///   may pass its leaf several times.
  @inline(__always)
  func leaves(
    _ nodes: UnsafePointer<CodedTrees.Node>, from starts: SIMD4<Int>,
    passing: (_ lane: Int, _ node: CodedTrees.Node, _ step: Int) -> Void
  ) -> SIMD4<Int> {
    @inline(__always)
    func next(_ place: Int, _ node: CodedTrees.Node, _ lane: Int, _ row: UnsafeRawPointer) -> Int {
      let code = (row + Int(node.codeOffset)).load(as: UInt16.self)
      let step = node.number < code ? 1 : 0
      passing(lane, node, step)
      return place &+ Int(node.way) &+ step
    }
    var (i, j, k, l) = (starts[0], starts[1], starts[2], starts[3])
    while true {
      let (first, second, third, fourth) = (nodes[i], nodes[j], nodes[k], nodes[l])
      if first.way | second.way | third.way | fourth.way == 0 { break }
      // Leaves lead to themselves.
      i = next(i, first, 0, a)
      j = next(j, second, 1, b)
      k = next(k, third, 2, c)
      l = next(l, fourth, 3, d)
    }
    return SIMD4(i, j, k, l)
  }
}
