import LinearAlgebra

/// A block of rows, and the same with one feature at a time shuffled, on their way through trees.
///
/// The path of a row bounds the codes of its features: a shuffled code within the bounds leads to the row's own leaf.
/// Trees that it may lead elsewhere are doubtful. As soon as the others, and those that were walked again, give the
/// row's own label enough votes, it stays.
struct ShuffledBlock: ~Copyable {
  /// Eight rows are looked at together.
  private typealias Lanes = SIMD8<UInt16>
  /// So many trees share a word, a bit each.
  private static let treesPerWord = 16

  private let trees: CodedTrees
  private let votes: VoteUnits
  private let shuffled: ShuffledRows
  /// Where each row is among those that are predicted.
  private let rows: UnsafeBufferPointer<Int32>
  /// The number of rows, rounded up to whole lanes.
  private let pitch: Int
  /// How many shuffled values each row has: features · orders.
  private let valueCount: Int
  /// A row's codes, as in ``CodedRows``.
  private let codes: Buffer<UInt16>
  /// For each side of each feature and each order, the shuffled code of each row; last the row's own.
  private let shuffledCodes: Buffer<UInt16>
  /// In the tree at hand, for eight rows at a time and each side of a feature, the lowest code that leads to the row's
  /// own leaf, and the highest, inverted.
  private let bounds: Buffer<UInt16>
  /// For each word of trees, feature and order, the bits of each row's doubtful trees.
  private let doubtful: Buffer<UInt16>
  /// The label of each row, and how many votes it needs.
  private let labels: Buffer<Int>
  private let needed: Buffer<UInt16>
  /// The votes for a row's label: of the tree at hand, of all trees, and for each feature and order of those that are
  /// not doubtful or were walked again.
  private let ownVotes: Buffer<UInt16>
  private let allVotes: Buffer<UInt16>
  private let sureVotes: Buffer<UInt16>
  /// The rows to walk with, and the row of shares of each one's leaf.
  private let listed: Buffer<Int32>
  private let reached: Buffer<Int32>

  /// How many rows a block has: many, so that a tree is loaded for many, as long as what is known about them fits a
  /// cache.
  static func rowCount(_ shuffled: ShuffledRows, _ trees: CodedTrees) -> Int {
    let words = (trees.roots.count + treesPerWord - 1) / treesPerWord
    let perRow = 2 * shuffled.features.columnCount * shuffled.orders.count * (words + 2)
    return max(16, min(256, (1 << 18) / max(1, perRow) / 8 * 8))
  }

  init(
    _ rows: UnsafeBufferPointer<Int32>, of coded: CodedRows, _ shuffled: ShuffledRows,
    _ trees: CodedTrees, _ votes: VoteUnits
  ) {
    self.trees = trees
    self.votes = votes
    self.shuffled = shuffled
    self.rows = rows
    pitch = (rows.count + 7) / 8 * 8
    valueCount = shuffled.features.columnCount * shuffled.orders.count
    let width = trees.featureCount + 1
    let words = (trees.roots.count + Self.treesPerWord - 1) / Self.treesPerWord
    codes = Buffer(repeating: 0, count: pitch * width)
    shuffledCodes = Buffer(
      repeating: 0, count: trees.featureCount * (shuffled.orders.count + 1) * pitch)
    bounds = Buffer(repeating: 0, count: pitch * width * 2)
    doubtful = Buffer(repeating: 0, count: words * valueCount * pitch)
    labels = Buffer(repeating: 0, count: pitch)
    needed = Buffer(repeating: 0, count: pitch)
    ownVotes = Buffer(repeating: 0, count: pitch)
    allVotes = Buffer(repeating: 0, count: pitch)
    sureVotes = Buffer(repeating: 0, count: valueCount * pitch)
    listed = Buffer(repeating: 0, count: pitch + 4)
    reached = Buffer(repeating: 0, count: pitch + 4)
    coded.codes.withUnsafeBufferPointer { source in
      for (place, row) in rows.enumerated() {
        (codes.start + place * width).update(
          from: source.baseAddress! + Int(row) * width, count: width)
        labels.start[place] = shuffled.labels[shuffled.rows.lowerBound + Int(row)]
        needed.start[place] = votes.needed[labels.start[place]]
      }
    }
    codeShuffled()
  }

  private func codeShuffled() {
    let width = shuffled.features.columnCount
    let first = shuffled.rows.lowerBound
    let orderCount = shuffled.orders.count
    shuffled.features.elements.withUnsafeBufferPointer { elements in
      for side in 0..<trees.featureCount {
        let feature = side / trees.sidesPerFeature
        let target = shuffledCodes.start + side * (orderCount + 1) * pitch
        trees.thresholds[side].withCodes { code in
          for (number, order) in shuffled.orders.enumerated() {
            order.withUnsafeBufferPointer { order in
              for (place, row) in rows.enumerated() {
                target[number &* pitch &+ place] = code(
                  Float(elements[order[first &+ Int(row)] &* width &+ feature]))
              }
            }
          }
        }
        for place in 0..<rows.count {
          target[orderCount * pitch + place] =
            codes.start[
              place * (trees.featureCount + 1) + side]
        }
      }
    }
  }

  // MARK: - With the rows as they are

  /// Walks down a tree, and finds for which shuffled values it is doubtful.
  ///
  /// - Parameter features: those that the tree looks at.
  func walkOwn(_ tree: Int, _ features: [Int]) {
    bounds.start.update(repeating: 0, count: bounds.count)
    trees.nodes.withUnsafeBufferPointer { nodes in
      Self.walkOwn(
        nodes.baseAddress! + trees.roots[tree], codes.start, width: trees.featureCount + 1,
        count: rows.count, bounds.start, reached.start)
    }
    for row in 0..<rows.count {
      let own = votes.units(Int(reached.start[row]), labels.start[row])
      ownVotes.start[row] = own
      allVotes.start[row] += own
    }
    for feature in features { findDoubtful(tree, feature) }
  }

  /// Without branches, which would be hard to predict.
  @inline(never)
  private static func walkOwn(
    _ nodes: UnsafePointer<CodedTrees.Node>, _ codes: UnsafePointer<UInt16>, width: Int, count: Int,
    _ bounds: UnsafeMutablePointer<UInt16>, _ leaves: UnsafeMutablePointer<Int32>
  ) {
    for first in stride(from: 0, to: count, by: 4) {
      let bounds = bounds + (first &>> 3 &* 16 &* width &+ first & 7)
      let found = FourRows(codes, width: width, first: first, count: count)
        .leaves(nodes, from: SIMD4.zero) { lane, node, step in
          let bound = bounds + (Int(node.codeOffset) &* 8 &+ (1 &- step) &* 8 &+ lane)
          let right = UInt16(truncatingIfNeeded: step)
          // The number and one more, or the number inverted.
          let number = (node.number ^ (right &- 1)) &+ right
          let held = bound.pointee
          bound.pointee = held > number ? held : number
        }
      for lane in 0..<4 {
        leaves[first &+ lane] = Int32(truncatingIfNeeded: Int(nodes[found[lane]].number))
      }
    }
  }

  /// Finds which shuffled values of a feature may lead rows to other leaves of a tree.
  private func findDoubtful(_ tree: Int, _ feature: Int) {
    let (sides, orderCount) = (trees.sidesPerFeature, shuffled.orders.count)
    let width = trees.featureCount + 1
    let groupCount = pitch / 8
    let bit = Lanes(repeating: 1 << UInt16(tree % Self.treesPerWord))
    let (bounds, codes, ownVotes) = (lanes(self.bounds), lanes(shuffledCodes), lanes(ownVotes))
    let first = feature * orderCount * groupCount
    let doubtfulVotes = lanes(sureVotes) + first
    let doubtful =
      lanes(self.doubtful) + tree / Self.treesPerWord * valueCount * groupCount + first
    for order in 0..<orderCount {
      for group in 0..<groupCount {
        var isOutside = Lanes.zero
        for side in feature &* sides..<(feature &+ 1) &* sides {
          let bound = bounds + (group &* width &+ side) &* 2
          let code = codes[(side &* (orderCount &+ 1) &+ order) &* groupCount &+ group]
          isOutside |= unsafeBitCast(code &- bound[0] .> ~bound[1] &- bound[0], to: Lanes.self)
        }
        let place = order &* groupCount &+ group
        doubtfulVotes[place] &+= isOutside & ownVotes[group]
        doubtful[place] |= isOutside & bit
      }
    }
  }

  private func lanes(_ buffer: borrowing Buffer<UInt16>) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(buffer.start).assumingMemoryBound(to: Lanes.self)
  }

  // MARK: - With shuffled values

  /// Turns the votes of doubtful trees into those of the others.
  func subtractDoubtful() {
    for value in 0..<valueCount {
      for row in 0..<rows.count {
        let place = value &* pitch &+ row
        sureVotes.start[place] = allVotes.start[row] &- sureVotes.start[place]
      }
    }
  }

  /// Walks down a tree with the shuffled values for which it is doubtful, as long as a label may change.
  func walkShuffled(_ tree: Int, _ features: [Int]) {
    trees.nodes.withUnsafeBufferPointer { nodes in
      let nodes = nodes.baseAddress! + trees.roots[tree]
      for feature in features {
        for order in shuffled.orders.indices {
          let count = listOpen(tree, feature, order)
          if count > 0 { walkListed(nodes, feature, order, count) }
        }
        setCodes(of: feature, order: shuffled.orders.count, 0..<rows.count)
      }
    }
  }

  /// Lists the rows for whose shuffled value a tree is doubtful, and whose label is not settled.
  private func listOpen(_ tree: Int, _ feature: Int, _ order: Int) -> Int {
    let groupCount = pitch / 8
    let first = (feature * shuffled.orders.count + order) * groupCount
    let shift = Lanes(repeating: UInt16(tree % Self.treesPerWord))
    let doubtful =
      lanes(self.doubtful) + tree / Self.treesPerWord * valueCount * groupCount + first
    let (sureVotes, needed) = (lanes(sureVotes) + first, lanes(needed))
    var count = 0
    for group in 0..<groupCount {
      let isOpen = unsafeBitCast(sureVotes[group] .< needed[group], to: Lanes.self)
      let chosen = doubtful[group] &>> shift & isOpen & Lanes(repeating: 1)
      let halves = unsafeBitCast(chosen, to: SIMD2<UInt64>.self)
      if halves.x | halves.y == 0 { continue }
      for lane in 0..<8 {
        listed.start[count] = Int32(truncatingIfNeeded: group &* 8 &+ lane)
        count &+= Int(chosen[lane])
      }
    }
    return count
  }

  /// Walks with the listed rows, and adds the votes for their own labels.
  private func walkListed(
    _ nodes: UnsafePointer<CodedTrees.Node>, _ feature: Int, _ order: Int, _ count: Int
  ) {
    for lane in 0..<4 { listed.start[count + lane] = listed.start[count - 1] }
    setCodes(of: feature, order: order, UnsafeBufferPointer(start: listed.start, count: count))
    Self.walk(
      nodes, codes.start, width: trees.featureCount + 1, listed.start, count: count, reached.start)
    let sureVotes = self.sureVotes.start + (feature * shuffled.orders.count + order) * pitch
    for place in 0..<count {
      let row = Int(listed.start[place])
      sureVotes[row] &+= votes.units(Int(reached.start[place]), labels.start[row])
    }
  }

  /// Gives rows the codes of a feature in an order; the last order is their own.
  @inline(__always)
  private func setCodes(
    of feature: Int, order: Int, _ rows: some Sequence<some BinaryInteger>
  ) {
    let (sides, width) = (trees.sidesPerFeature, trees.featureCount + 1)
    for side in feature * sides..<(feature + 1) * sides {
      let source = shuffledCodes.start + (side * (shuffled.orders.count + 1) + order) * pitch
      for row in rows { codes.start[Int(row) &* width &+ side] = source[Int(row)] }
    }
  }

  @inline(never)
  private static func walk(
    _ nodes: UnsafePointer<CodedTrees.Node>, _ codes: UnsafePointer<UInt16>, width: Int,
    _ rows: UnsafePointer<Int32>, count: Int, _ leaves: UnsafeMutablePointer<Int32>
  ) {
    for first in stride(from: 0, to: count, by: 4) {
      let found = FourRows(codes, width: width, rows: rows + first).leaves(nodes, from: 0)
      for lane in 0..<4 {
        leaves[first &+ lane] = Int32(truncatingIfNeeded: Int(nodes[found[lane]].number))
      }
    }
  }

  /// Calls `body` with the place and the label of each shuffled row that does not keep its own; −1 where its shares
  /// have to be summed in their order.
  func forEachChange(_ body: (_ place: Int, _ label: Int) -> Void) {
    for value in 0..<valueCount {
      for (place, row) in rows.enumerated() {
        let sure = sureVotes.start[value &* pitch &+ place]
        guard sure < needed.start[place] else { continue }
        body(
          value &* shuffled.rows.count &+ Int(row), votes.other(labels.start[place], votes: sure))
      }
    }
  }
}
