/// Some rows that walk down trees, and boxes around them: the lowest and the highest codes of sixteen
/// rows, of four such boxes, and so on up to all rows.
///
/// As long as a threshold lies outside of a box, all rows in it go the same way, and one step is enough
/// for them. From where they part, rows walk by themselves.
struct RowBlock {
  /// The most rows: as many as stay in the first-level cache together with a tree.
  static let rowCount = 256
  private static let rowsPerBox = 16
  private static let boxesPerBox = 4

  /// The boxes of a level: these places among all boxes.
  private typealias Level = Range<Int>

  /// How many codes a row has, that of the leaves' feature included.
  private let width: Int
  private let count: Int
  private let codes: UnsafeMutablePointer<UInt16>
  /// From the smallest boxes to the one around all rows.
  private let levels: [Level]
  /// In each box, for each feature, the lowest code and the highest.
  private let bounds: UnsafeMutablePointer<UInt16>
  /// The node that the rows of each box reach together.
  private let reached: UnsafeMutablePointer<Int>
  /// The sums of shares: `classCount` numbers a row.
  let sums: UnsafeMutablePointer<Double>

  /// Takes memory, which ``deallocate()`` gives back.
  init<Word>(
    _ rows: UnsafeBufferPointer<Int32>, of coded: CodedRows, trees: CodedTrees<Word>
  ) {
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
    codes = .allocate(capacity: count * width)
    bounds = .allocate(capacity: total * width * 2)
    reached = .allocate(capacity: total)
    sums = .allocate(capacity: count * trees.classCount)
    sums.initialize(repeating: 0, count: count * trees.classCount)
    coded.codes.withUnsafeBufferPointer { source in
      for (place, row) in rows.enumerated() {
        (codes + place * width).update(from: source.baseAddress! + Int(row) * width, count: width)
      }
    }
    for level in levels.indices { bound(level) }
  }

  func deallocate() {
    codes.deallocate()
    bounds.deallocate()
    reached.deallocate()
    sums.deallocate()
  }

  /// Finds the bounds of a level's boxes.
  private func bound(_ level: Int) {
    let partsPerBox = level == 0 ? Self.rowsPerBox : Self.boxesPerBox
    let partCount = level == 0 ? count : levels[level - 1].count
    for box in 0..<levels[level].count {
      let target = bounds + (levels[level].lowerBound + box) * width * 2
      let parts = box * partsPerBox..<min(partCount, (box + 1) * partsPerBox)
      for feature in 0..<width {
        var (low, high) = (UInt16.max, UInt16.min)
        for part in parts {
          if level == 0 {
            let code = codes[part * width + feature]
            low = min(low, code)
            high = max(high, code)
          } else {
            let source =
              bounds + ((levels[level - 1].lowerBound + part) * width + feature) * 2
            low = min(low, source[0])
            high = max(high, source[1])
          }
        }
        target[2 * feature] = low
        target[2 * feature + 1] = high
      }
      // Rows part at a leaf at the latest: no number of a row of shares is as high.
      target[2 * width - 1] = .max
    }
  }

  /// Finds the node of a tree that the rows of each box reach together.
  @inline(__always)
  func walkTogether<Word>(_ nodes: UnsafePointer<CodedTrees<Word>.Node>) {
    var above: Level?
    for level in levels.reversed() {
      for (number, box) in level.enumerated() {
        let bounds = UnsafeRawPointer(self.bounds + box &* width &* 2)
        var place = above.map { reached[$0.lowerBound &+ number / Self.boxesPerBox] } ?? 0
        while true {
          let node = nodes[place]
          let bound = bounds + 2 &* node.codeOffset
          let allGoRight = node.number < UInt32(bound.load(as: UInt16.self)) ? 1 : 0
          let someGoRight =
            node.number < UInt32(bound.load(fromByteOffset: 2, as: UInt16.self)) ? 1 : 0
          if allGoRight != someGoRight { break }
          place = place &+ node.way &+ allGoRight
        }
        reached[box] = place
      }
      above = level
    }
  }

  /// Calls `body` with every row's place, and the row of shares of the leaf that it reaches.
  @inline(__always)
  func walkApart<Word>(
    _ nodes: UnsafePointer<CodedTrees<Word>.Node>, _ body: (_ place: Int, _ shareRow: Int) -> Void
  ) {
    for first in stride(from: 0, to: count, by: 4) {
      let leaves = FourRows(codes, width: width, first: first, count: count)
        .leaves(nodes, from: reached[first / Self.rowsPerBox])
      for lane in 0..<min(4, count &- first) {
        body(first &+ lane, Int(nodes[leaves[lane]].number))
      }
    }
  }
}

/// The codes of four rows, which walk down a tree side by side: a step waits for memory, so several are
/// begun.
struct FourRows {
  private let a: UnsafeRawPointer
  private let b: UnsafeRawPointer
  private let c: UnsafeRawPointer
  private let d: UnsafeRawPointer

  /// Rows from `first` on; where there are less than four, the last one again.
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

  /// The leaves that the rows reach from a node.
  @inline(__always)
  func leaves<Word>(
    _ nodes: UnsafePointer<CodedTrees<Word>.Node>, from start: Int
  ) -> SIMD4<Int> {
    @inline(__always)
    func step(_ node: CodedTrees<Word>.Node, _ row: UnsafeRawPointer) -> Int {
      node.number < UInt32((row + node.codeOffset).load(as: UInt16.self)) ? 1 : 0
    }
    var (i, j, k, l) = (start, start, start, start)
    while true {
      let (first, second, third, fourth) = (nodes[i], nodes[j], nodes[k], nodes[l])
      if first.way | second.way | third.way | fourth.way == 0 { break }
      // Leaves lead to themselves.
      i = i &+ first.way &+ step(first, a)
      j = j &+ second.way &+ step(second, b)
      k = k &+ third.way &+ step(third, c)
      l = l &+ fourth.way &+ step(fourth, d)
    }
    return SIMD4(i, j, k, l)
  }
}
