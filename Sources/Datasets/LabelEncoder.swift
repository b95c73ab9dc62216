/// Words numbered by their place in the order of Unicode scalars.
public struct LabelEncoder: Hashable, Sendable {
  /// The words; the code of each is its index.
  public let classes: [String]

  /// Learns the distinct words.
  public init(fitting words: some Sequence<String>) {
    let sorted = words.sorted(by: Self.precedes)
    classes = sorted.enumerated().filter { index, word in
      index == 0 || Self.precedes(sorted[index - 1], word)
    }.map(\.element)
  }

  /// Takes over words whose order is already settled.
  init(ordered classes: [String]) { self.classes = classes }

  /// The code of a word that was seen, `nil` for another.
  public func code(of word: String) -> Int? {
    classes.firstIndex { $0.unicodeScalars.elementsEqual(word.unicodeScalars) }
  }

  private static func precedes(_ first: String, _ second: String) -> Bool {
    first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
  }
}
