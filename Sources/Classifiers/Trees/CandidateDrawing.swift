/// Draws the features that a node looks at, as scikit-learn does.
///
/// Features are drawn without replacement until `limit` were looked at and at least one of them was
/// not constant. Features that are constant in a node are so in all below it: they are drawn, but not
/// looked at again.
///
///     drawing.begin(constantCount: known)
///     while let feature = drawing.next(&random) {
///       …
///       drawing.settle(isConstant: …)
///     }
///     known = drawing.end()
struct CandidateDrawing {
  private let limit: Int
  // `order` holds, one after the other: known constants that were drawn, known constants, constants
  // found in this node, features not drawn yet, and features drawn.
  private var order: [Int]
  /// The constants, in the order that siblings and children must find them in.
  private var constants: [Int]
  private var knownConstants = 0
  private var foundConstants = 0
  private var drawnConstants = 0
  private var undrawnEnd = 0
  private var visited = 0
  private var position = 0
  /// Swaps to be undone after looking ahead.
  private var swaps: [(Int, Int)] = []

  init(featureCount: Int, limit: Int) {
    self.limit = limit
    order = Array(0..<featureCount)
    constants = order
  }

  /// Begins a tree.
  mutating func reset() {
    for index in order.indices { order[index] = index }
  }

  /// Begins a node above which `constantCount` features were found constant.
  mutating func begin(constantCount: Int) {
    knownConstants = constantCount
    foundConstants = 0
    drawnConstants = 0
    undrawnEnd = order.count
    visited = 0
  }

  /// The next feature to look at; `nil` when the node has seen enough.
  mutating func next(_ random: inout SplitRandom) -> Int? {
    while undrawnEnd > knownConstants + foundConstants,
      visited < limit || visited <= foundConstants + drawnConstants
    {
      visited += 1
      let drawn = random.next(in: drawnConstants..<(undrawnEnd - foundConstants))
      if drawn < knownConstants {
        swap(drawnConstants, drawn)
        drawnConstants += 1
      } else {
        position = drawn + foundConstants
        return order[position]
      }
    }
    return nil
  }

  /// Says whether the feature that was drawn last is constant in the node.
  mutating func settle(isConstant: Bool) {
    if isConstant {
      swap(position, knownConstants + foundConstants)
      foundConstants += 1
    } else {
      undrawnEnd -= 1
      swap(undrawnEnd, position)
    }
  }

  /// Ends the node; returns how many features are constant in it.
  mutating func end() -> Int {
    let count = knownConstants + foundConstants
    for index in 0..<knownConstants { order[index] = constants[index] }
    for index in knownConstants..<count { constants[index] = order[index] }
    return count
  }

  /// The features that `next` will give as long as none is found constant; call it after `begin`.
  ///
  /// - Parameter features: receives them; room for as many as the data has.
  /// - Returns: how many there are.
  mutating func lookAhead(
    _ random: SplitRandom, into features: UnsafeMutablePointer<Int>
  ) -> Int {
    var random = random
    let before = (drawnConstants, undrawnEnd, visited)
    var count = 0
    remembersSwaps = true
    while let feature = next(&random) {
      features[count] = feature
      count += 1
      settle(isConstant: false)
    }
    remembersSwaps = false
    while let (first, second) = swaps.popLast() { order.swapAt(first, second) }
    (drawnConstants, undrawnEnd, visited) = before
    return count
  }

  private var remembersSwaps = false

  private mutating func swap(_ first: Int, _ second: Int) {
    order.swapAt(first, second)
    if remembersSwaps { swaps.append((first, second)) }
  }
}
