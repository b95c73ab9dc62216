/// Draws the candidate features of a node, as scikit-learn does.
///
/// Features are drawn without replacement until `limit` were tried and at least one of them was not
/// constant. Features that are constant in a node are constant in all nodes below: they are drawn, but not tried
/// again.
///
///     drawing.begin(constantCount: known)
///     while let feature = drawing.next(&random) {
///       …
///       drawing.settle(isConstant: …)
///     }
///     known = drawing.end()
struct CandidateDrawing: ~Copyable {
  private let featureCount: Int
  private let order: Buffer<Int>
  /// The order while looking ahead.
  private let spareOrder: Buffer<Int>
  /// The constant features, in the order for siblings and children.
  private let constants: Buffer<Int>
  private var draws: NodeDraws

  init(featureCount: Int, limit: Int) {
    self.featureCount = featureCount
    order = Buffer(repeating: 0, count: featureCount)
    spareOrder = Buffer(repeating: 0, count: featureCount)
    constants = Buffer(repeating: 0, count: featureCount)
    draws = NodeDraws(limit: limit, order: order.start)
    reset()
  }

  /// Begins a tree.
  func reset() {
    for index in 0..<featureCount { order.start[index] = index }
  }

  /// Begins a node above which `constantCount` features were found constant.
  mutating func begin(constantCount: Int) {
    draws = NodeDraws(limit: draws.limit, order: order.start)
    draws.knownConstants = constantCount
    draws.undrawnEnd = featureCount
  }

  /// The next feature to try; `nil` after the last one.
  mutating func next(_ random: inout SplitRandom) -> Int? { draws.next(&random) }

  /// Says whether the feature that was drawn last is constant in the node.
  mutating func settle(isConstant: Bool) { draws.settle(isConstant: isConstant) }

  /// Ends the node; returns how many features are constant in it.
  func end() -> Int {
    let count = draws.knownConstants + draws.foundConstants
    for index in 0..<draws.knownConstants { order.start[index] = constants.start[index] }
    for index in draws.knownConstants..<count { constants.start[index] = order.start[index] }
    return count
  }

  /// The features that `next` will return if none is constant; call it after `begin`.
  ///
  /// - Parameter features: receives them; room for as many as the data has.
  /// - Returns: how many there are.
  func lookAhead(_ random: SplitRandom, into features: UnsafeMutablePointer<Int>) -> Int {
    var random = random
    var ahead = draws
    ahead.order = spareOrder.start
    spareOrder.start.update(from: order.start, count: featureCount)
    var count = 0
    while let feature = ahead.next(&random) {
      features[count] = feature
      count += 1
      ahead.settle(isConstant: false)
    }
    return count
  }

  /// The order is a permutation of all features.
  func assertInvariants() {
    #if DEBUG
      var isThere = [Bool](repeating: false, count: featureCount)
      for index in 0..<featureCount { isThere[order.start[index]] = true }
      precondition(!isThere.contains(false), "a feature is missing from the order of drawing")
    #endif
  }
}

/// The draws of one node.
private struct NodeDraws {
  let limit: Int
  /// In this order: known constants that were drawn, other known constants, constants found in this node, features not
  /// drawn yet, and features drawn.
  var order: UnsafeMutablePointer<Int>
  var knownConstants = 0
  var foundConstants = 0
  var undrawnEnd = 0
  private var drawnConstants = 0
  private var visited = 0
  private var position = 0

  init(limit: Int, order: UnsafeMutablePointer<Int>) {
    self.limit = limit
    self.order = order
  }

  mutating func next(_ random: inout SplitRandom) -> Int? {
    while undrawnEnd > knownConstants + foundConstants,
      visited < limit || visited <= foundConstants + drawnConstants
    {
      visited += 1
      let drawn = random.next(in: drawnConstants..<(undrawnEnd - foundConstants))
      if drawn < knownConstants {
        swapAt(drawnConstants, drawn)
        drawnConstants += 1
      } else {
        position = drawn + foundConstants
        return order[position]
      }
    }
    return nil
  }

  mutating func settle(isConstant: Bool) {
    if isConstant {
      swapAt(position, knownConstants + foundConstants)
      foundConstants += 1
    } else {
      undrawnEnd -= 1
      swapAt(undrawnEnd, position)
    }
  }

  @inline(__always)
  private func swapAt(_ first: Int, _ second: Int) {
    let feature = order[first]
    order[first] = order[second]
    order[second] = feature
  }
}
