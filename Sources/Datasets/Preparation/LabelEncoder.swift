/// Words numbered in the order of their Unicode scalars.
public struct LabelEncoder: Hashable, Sendable {
  /// The words; the code of each is its index.
  public let classes: [String]
  /// The indices of `classes` in the order of Unicode scalars.
  private let searchOrder: [Int]

  /// Learns the distinct words.
  public init(fitting words: some Sequence<String>) {
    let sorted = words.sorted(by: Self.precedes)
    self.init(
      ordered: sorted.enumerated().filter { index, word in
        index == 0 || Self.precedes(sorted[index - 1], word)
      }.map(\.element))
  }

  /// Takes distinct words in the given order.
  package init(ordered classes: [String]) {
    self.classes = classes
    searchOrder = classes.indices.sorted { Self.precedes(classes[$0], classes[$1]) }
  }

  /// The code of a word; `nil` for an unknown one.
  public func code(of word: String) -> Int? {
    var low = 0
    var high = searchOrder.count
    while low < high {
      let middle = (low + high) / 2
      if Self.precedes(classes[searchOrder[middle]], word) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < searchOrder.count, !Self.precedes(word, classes[searchOrder[low]]) else {
      return nil
    }
    return searchOrder[low]
  }

  /// Whether a word comes first in the order of Unicode scalars, which is that of the UTF-8 bytes.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}
