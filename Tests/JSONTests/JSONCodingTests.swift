import Foundation
import JSON
import Testing

/// Everything that a document of ours is made of.
private struct Sample: Codable, Hashable {
  enum Kind: String, Codable, CaseIterable { case plain, odd }
  struct Inner: Codable, Hashable {
    var numbers: [Double]
    var name: String?
  }
  struct Empty: Codable, Hashable {}

  var truth: Bool
  var whole: Int
  var small: UInt8
  var large: Int64
  var real: Double
  var single: Float
  var text: String
  var kind: Kind
  var kinds: [Kind]
  var maybe: Int?
  var none: String?
  var matrix: [[Int]]
  var holes: [[Int]?]
  var inner: Inner
  var inners: [Inner]
  var byName: [String: Double]
  var empty: Empty

  init(using generator: inout SystemRandomNumberGenerator) {
    func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    func real() -> Double {
      let numbers: [Double] = [
        0.1, 1e16, 1.5e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22,
      ]
      return random(2) == 0
        ? numbers[random(numbers.count)] : Double.random(in: -1...1, using: &generator)
    }
    func text() -> String {
      let scalars = "aZ\"\\/\u{0}\u{8}\t\n\u{c}\r\u{1f}\u{7f}é\u{301}\u{2028}😀".unicodeScalars
      var text = String.UnicodeScalarView()
      for _ in 0..<random(8) { text.append(scalars.randomElement(using: &generator) ?? "x") }
      return String(text)
    }
    func inner() -> Inner {
      Inner(numbers: (0..<random(4)).map { _ in real() }, name: random(2) == 0 ? nil : text())
    }
    truth = random(2) == 0
    whole = [Int.min, -1, 0, 7, .max][random(5)]
    small = UInt8(random(256))
    large = Int64(random(1 << 40)) * (random(2) == 0 ? 1 : -1)
    self.real = real()
    single = Float(real())
    if !single.isFinite || single == 0 { single = 0.1 }
    self.text = text()
    kind = random(2) == 0 ? .plain : .odd
    kinds = (0..<random(3)).map { Kind.allCases[$0 % 2] }
    maybe = random(2) == 0 ? nil : random(100)
    matrix = (0..<random(3)).map { row in (0..<row).map { _ in random(1000) } }
    holes = (0..<random(4)).map { $0 % 2 == 0 ? nil : [$0] }
    self.inner = inner()
    inners = (0..<random(3)).map { _ in inner() }
    byName = [:]
    for _ in 0..<random(4) { byName[text()] = real() }
    empty = Empty()
  }
}

@Suite struct `JSON of Codable values` {
  /// Foundation's encoder wrote the documents of earlier runs. It writes 1.0 as 1.
  @Test func `encoded values have the bytes that Foundation's encoder writes`() throws {
    let foundations = Foundation.JSONEncoder()
    foundations.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let sample = Sample(using: &generator)
      let expected = Array(try foundations.encode(sample)) + [UInt8(ascii: "\n")]
      let bytes = try JSONDocument.encode(sample)
      #expect(bytes == expected, "\(sample)")
      #expect(try JSONDocument.decode(Sample.self, from: bytes) == sample)
      #expect(try JSONValue(encoding: sample).decoded(as: Sample.self) == sample)
    }
  }

  @Test func `a whole number of a type with fractions keeps its point`() throws {
    let bytes = try JSONDocument.encode([1, 0, -0.0, -17])
    #expect(String(decoding: bytes, as: UTF8.self) == "[\n  1.0,\n  0.0,\n  -0.0,\n  -17.0\n]\n")
  }

  @Test func `a JSON value inside of others is written and read as it is`() throws {
    let values: [String: JSONValue] = ["a": .real(1), "b": .integer(1), "c": [.null, "x"]]
    let bytes = try JSONDocument.encode(values)
    #expect(try JSONDocument.decode([String: JSONValue].self, from: bytes) == values)
    #expect(throws: EncodingError.self) { try Foundation.JSONEncoder().encode(values) }
    #expect(throws: DecodingError.self) {
      try Foundation.JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
    }
  }

  /// `null` in lists, keys that are numbers, classes with a parent: what Swift's protocols have beside.
  @Test func `a nested container keeps its place until it is filled`() throws {
    struct Nesting: Codable, Equatable {
      enum Keys: String, CodingKey { case list, inner }
      var numbers = [1, 2]

      init() {}

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        #expect(try list.decodeNil() && !list.isAtEnd && list.count == 4)
        numbers = [try list.decode(Int.self)]
        let inner = try list.nestedContainer(keyedBy: Keys.self)
        numbers.append(try inner.decode(Int.self, forKey: .inner))
        #expect(try list.superDecoder().singleValueContainer().decode(String.self) == "last")
        #expect(list.isAtEnd)
        #expect(try container.superDecoder(forKey: .inner).unkeyedContainer().isAtEnd)
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        _ = container.superEncoder(forKey: .inner).unkeyedContainer()
        try list.encodeNil()
        try list.encode(numbers[0])
        var inner = list.nestedContainer(keyedBy: Keys.self)
        var last = list.superEncoder().singleValueContainer()
        try inner.encode(numbers[1], forKey: .inner)
        try last.encode("last")
      }
    }
    let value = try JSONValue(encoding: Nesting())
    #expect(value.description == #"{"inner":[],"list":[null,1,{"inner":2},"last"]}"#)
    #expect(try value.decoded(as: Nesting.self) == Nesting())
  }

  private struct Model: Codable {
    struct Part: Codable { var rates: [Double] }
    enum Kind: String, Codable { case tree }
    var name: String?
    var count: UInt8?
    var parts: [Part]?
    var kind: Kind?
    var byName: [String: Bool]?
  }

  @Test(arguments: [
    (#"{"name":1}"#, "name: expected text, found 1"),
    (#"{"count":1.5}"#, "count: expected a whole number, found 1.5"),
    (#"{"count":256}"#, "count: expected a whole number, found 256"),
    (#"{"count":-1}"#, "count: expected a whole number, found -1"),
    (#"{"count":"1"}"#, #"count: expected a whole number, found "1""#),
    (#"{"parts":{}}"#, "parts: expected a list, found an object"),
    (#"{"parts":[{"rates":[]},{}]}"#, #"parts[1]: expected "rates", found none"#),
    (#"{"parts":[{"rates":[0,true]}]}"#, "parts[0].rates[1]: expected a number, found true"),
    (#"{"parts":[{"rates":[null]}]}"#, "parts[0].rates[0]: expected a number, found null"),
    (#"{"byName":{"a b":0}}"#, "byName.a b: expected true or false, found 0"),
    ("[]", "expected an object, found a list"),
    (#"{"name" 1}"#, "byte 8: expected a colon"),
  ])
  func `a value of another kind is refused, with the path to it`(text: String, message: String) {
    let error = #expect(throws: JSONError.self) {
      try JSONDocument.decode(Model.self, from: text.utf8)
    }
    #expect(error?.description == message)
  }

  @Test func `a value that is not a case of an enumeration is named`() {
    let error = #expect(throws: JSONError.self) {
      try JSONDocument.decode(Model.self, from: #"{"kind":"bush"}"#.utf8)
    }
    #expect(error?.place == .value("kind"))
    #expect(error?.problem.contains("bush") == true)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a number that JSON cannot write is refused`(number: Double) {
    #expect(throws: EncodingError.self) { try JSONDocument.encode([number]) }
    #expect(throws: EncodingError.self) { try JSONDocument.encode(["a": Float(number)]) }
  }

  @Test func `a whole number beyond 64 bits with a sign is refused`() {
    #expect(throws: EncodingError.self) { try JSONDocument.encode(UInt64.max) }
  }

  @Test func `whole numbers are read however they are written`() throws {
    #expect(try JSONDocument.decode([Int].self, from: "[3,3.0,3e0]".utf8) == [3, 3, 3])
    #expect(try JSONDocument.decode([Double].self, from: "[3,-0]".utf8) == [3, 0])
  }
}
