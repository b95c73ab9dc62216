import JSON
import Testing

@Suite struct `A JSON value` {
  @Test(arguments: [
    "null", "true", "-1", "1.5", "1e-05", #""""#, #""\"\\\n\t\u0001é""#, "[1,[],{}]",
    #"{"b":1,"a":{"b":[null]}}"#, "9223372036854775807", "1e+300",
  ])
  func `JSON is written as it was read`(text: String) throws {
    #expect(try JSONValue(parsing: text.utf8).description == text)
  }

  @Test func `all of JSON's escapes are understood`() throws {
    let value = try JSONValue(parsing: #" "\u00e9\ud83d\ude00\/\b\f\r" "#.utf8)
    #expect(value.text == "é😀/\u{8}\u{c}\r")
  }

  @Test(arguments: [
    ("", 0), ("nul", 0), ("01", 1), ("1.", 2), ("-", 1), ("+1", 0), ("1e", 2), (#"""#, 1),
    (#""\x""#, 3), (#""\ud800""#, 7), (#""\ud800\u0041""#, 13), (#""\udc00""#, 7), ("[1,]", 3),
    (#"{"a"}"#, 4), ("{a:1}", 1), ("1 2", 2),
    ("NaN", 0), ("1e999", 0), ("\"\u{1}\"", 1), ("[", 1), (#"{"a":1"#, 6), (#"{"a":1,"a":2}"#, 7),
    ("\u{feff}1", 0),
  ])
  func `text that is not JSON is refused, with the byte`(text: String, position: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    #expect(error?.place == .byte(position))
  }

  @Test(arguments: [
    ("NaN", "null"), ("nan", "null"), ("None", "null"), ("undefined", "null"), ("NULL", "null"),
    ("Infinity", "Infinity"), ("-Infinity", "-Infinity"), ("True", "true"), ("False", "false"),
  ])
  func `a value of another language is named, and what JSON has for it`(
    word: String, instead: String
  ) {
    for text in ["\(word)", "{\"a\": \(word)}", "[1,\(word),2]"] {
      let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
      #expect(error?.description.contains("found \(word), which is no JSON") == true)
      #expect(error?.description.contains(instead) == true)
      #expect(
        error?.place
          == .byte(
            text.utf8.count - word.utf8.count
              - (text.hasPrefix("{") ? 1 : text.hasPrefix("[") ? 3 : 0)))
    }
    var reader = JSONReader(" " + word)
    let error = #expect(throws: JSONError.self) { try reader.real() }
    #expect(error?.place == .byte(1))
  }

  @Test(arguments: [
    "0", "-0", "7", "0.1", "-0.25", "61.5", "0.0", "100.0", "123456789012345", "0.00000000000001",
    "12345678.1234567", "1234567890.123456", "0.1234567890123456789", "9007199254740993",
    "99999999999999999999", "1e3", "1.5E-7", "-2.5e+10", "4.9e-324", "0e0", "0.30000000000000004",
  ])
  func `a JSON number is the one that is nearest to its digits`(text: String) throws {
    for rest in ["", " ", ",", "]"] {
      var reader = JSONReader(" " + text + rest)
      let number = try reader.real()
      #expect(number.bitPattern == Double(text)?.bitPattern)
      #expect(reader.position == 1 + text.utf8.count)
    }
  }

  @Test(arguments: [
    ("", 0), ("-", 1), (".5", 0), ("1.", 2), ("+1", 0), ("e5", 0), ("1e", 2), ("1.e1", 2), ("x", 0),
  ])
  func `a JSON number without digits is refused, with the byte`(text: String, position: Int) {
    var reader = JSONReader(text)
    let error = #expect(throws: JSONError.self) { try reader.real() }
    #expect(error?.place == .byte(position))
  }

  @Test(arguments: [2, 16, 17, 18, 100])
  func `an object has no name twice, however many there are`(count: Int) throws {
    let members = (0..<count).map { "\"name \($0)\":\($0)" }
    let text = "{" + members.joined(separator: ",") + "}"
    #expect(try JSONValue(parsing: text.utf8).members?.count == count)
    for twice in [0, count / 2, count - 1] {
      let more = "{" + (members + [members[twice]]).joined(separator: ",") + "}"
      #expect(throws: JSONError.self) { try JSONValue(parsing: more.utf8) }
    }
    // "é" in one code point and in two.
    let forms = "{" + (members + ["\"\u{e9}\":1", "\"e\u{301}\":2"]).joined(separator: ",") + "}"
    #expect(try JSONValue(parsing: forms.utf8).members?.count == count + 2)
  }

  @Test func `JSON is refused where bytes are not UTF-8`() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
  }

  @Test func `JSON cannot nest without end`() {
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000).utf8)
    }
  }

  @Test func `numbers that JSON has no digits for become strings`() {
    #expect(JSONValue.real(.nan).description == #""NaN""#)
    #expect(JSONValue.real(-.infinity).description == #""-Infinity""#)
  }

  @Test func `an object has sorted names where that is asked for, and lines in a file`() {
    let value = JSONValue.sorted(["b": [1, 2.5], "a": [["x"], []], "é": .object([])])
    let text = """
      {
        "a": [
          ["x"],
          []
        ],
        "b": [1, 2.5],
        "é": {}
      }

      """
    #expect(String(decoding: value.file, as: UTF8.self) == text)
  }
}
