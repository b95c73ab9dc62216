import CometStandIn
import Testing

@Suite struct `The stand-in's JSON` {
  @Test(arguments: [
    "null", "true", "-0.10e+05", "[1,[],{}]", #"{"b":1,"a":"é\n\"\\","c":[null,false]}"#,
  ])
  func `the stand-in writes JSON as it was read`(text: String) throws {
    #expect(try JSONValue(parsing: text).text == text)
  }

  @Test(arguments: [
    "", "NaN", "Infinity", "-Infinity", "01", "1.", ".5", "+1", "1e", "tru", "[1,]", "{\"a\":1,}",
    "{a:1}", "{\"a\":1,\"a\":2}", "'a'", "\"a", "\"\t\"", "\"\\x\"", "\"\\ud800\"",
    "\"\\ud800\\u0041\"",
    "\"\\udc00\"", "1 2", "[1", "{\"a\"}", "\u{FEFF}1",
  ])
  func `the stand-in refuses what is no JSON`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func `the stand-in refuses JSON that is not UTF-8 or nested too deeply`() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000))
    }
  }

  @Test func `the stand-in understands JSON's escapes and surrogate pairs`() throws {
    #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\/\b""#).string == "é😀/\u{8}")
  }
}
