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
  private let featureCount: Int
  private let limit: Int
  // `order` holds, one after the other: known constants that were drawn, known constants, constants
  // found in this node, features not drawn yet, and features drawn.
  private var order: UnsafeMutablePointer<Int>
  /// For looking ahead.
  private let spareOrder: UnsafeMutablePointer<Int>
  /// The constants, in the order that siblings and children must find them in.
  private let constants: UnsafeMutablePointer<Int>
  private var knownConstants = 0
  private var foundConstants = 0
  private var drawnConstants = 0
  private var undrawnEnd = 0
  private var visited = 0
  private var position = 0

  /// Takes memory, which ``deallocate()`` gives back.
  init(featureCount: Int, limit: Int) {
    self.featureCount = featureCount
    self.limit = limit
    order = .allocate(capacity: featureCount)
    spareOrder = .allocate(capacity: featureCount)
    constants = .allocate(capacity: featureCount)
    constants.initialize(repeating: 0, count: featureCount)
    reset()
  }

  func deallocate() {
    order.deallocate()
    spareOrder.deallocate()
    constants.deallocate()
  }

  /// Begins a tree.
  func reset() {
    for index in 0..<featureCount { order[index] = index }
  }

  /// Begins a node above which `constantCount` features were found constant.
  mutating func begin(constantCount: Int) {
    knownConstants = constantCount
    foundConstants = 0
    drawnConstants = 0
    undrawnEnd = featureCount
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
        swapAt(drawnConstants, drawn)
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
      swapAt(position, knownConstants + foundConstants)
      foundConstants += 1
    } else {
      undrawnEnd -= 1
      swapAt(undrawnEnd, position)
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
  func lookAhead(_ random: SplitRandom, into features: UnsafeMutablePointer<Int>) -> Int {
    var random = random
    var ahead = self
    ahead.order = spareOrder
    spareOrder.update(from: order, count: featureCount)
    var count = 0
    while let feature = ahead.next(&random) {
      features[count] = feature
      count += 1
      ahead.settle(isConstant: false)
    }
    return count
  }

  @inline(__always)
  private func swapAt(_ first: Int, _ second: Int) {
    let feature = order[first]
    order[first] = order[second]
    order[second] = feature
  }
}
