import Classifiers
import Foundation
import Testing

@testable import Comparison
@testable import Report

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads XML and keeps what the checks need.
final class PageReader: NSObject, XMLParserDelegate {
  var elements: [(name: String, attributes: [String: String])] = []
  var text = ""
  private(set) var problem: String?

  init(_ bytes: [UInt8]) {
    super.init()
    // The page is XML but for its first line.
    let start = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let parser = XMLParser(data: Data(bytes[start...]))
    parser.delegate = self
    if !parser.parse() {
      problem = "\(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "")"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append((name, attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func named(_ name: String) -> [[String: String]] {
    elements.filter { $0.name == name }.map(\.attributes)
  }
}

@Suite struct `Report page` {
  private static let manyClasses = (0..<31).map { String(UnicodeScalar(UInt8(65 + $0))) }
  private static let hostile = [
    "</title><script>alert(1)</script>", "\"quoted\" & 'single' <b>", "\u{202e}evil\u{0}\u{7}",
  ]

  @Test(arguments: [2, 3, 6, 7, 26, 30, 31])
  func `the report is well-formed with any number of classes`(count: Int) {
    let page = ReportPage(sampleReport(classNames: Array(Self.manyClasses.prefix(count)))).html
    #expect(PageReader(page).problem == nil)
  }

  @Test func `with very many classes the report stays small, and says where the rest is`() {
    let names = (0..<900).map { "class-\($0)" }
    let page = ReportPage(
      sampleReport(
        classNames: names, featureNames: (0..<80).map { "feature-\($0)" },
        modelNames: ["First", "Second", "Third", "Fourth"])
    ).html
    #expect(page.count < 2_000_000)
    let reader = PageReader(page)
    #expect(reader.problem == nil)
    #expect(reader.text.contains("7,200 of 8,998 test rows are predicted correctly."))
    #expect(
      reader.text.contains(
        "Of the 900 classes with test rows, all rows are predicted correctly in 1, and none in 0."))
    #expect(reader.text.contains("The 30 largest of 900 classes are shown."))
    let links = reader.named("a").compactMap { $0["href"] }.filter { $0.hasPrefix("./") }
    #expect(links.contains("./Third/predictions.csv"))
    #expect(links.contains("./Third/confusion-matrix-validate.json"))
    // A row of the head, and twelve of each list.
    let few = PageReader(ReportPage(sampleReport(classNames: Array(names.prefix(30)))).html)
    #expect(!few.text.contains("Confused classes"))
  }

  @Test func `the report has every section in order, the answer first`() {
    let reader = PageReader(ReportPage(sampleReport()).html)
    #expect(
      reader.named("section").compactMap { $0["id"] } == [
        "comparison", "sure", "curves", "confusion", "calibration-part", "importances", "times",
        "learning-part", "loss-part", "data", "made",
      ])
    #expect(reader.elements.firstIndex { $0.attributes["class"] == "answer" } != nil)
    let answer = reader.elements.firstIndex { $0.attributes["class"] == "answer" }
    let table = reader.elements.firstIndex { $0.name == "table" }
    #expect((answer ?? 0) < (table ?? 0))
  }

  @Test func `the report tells the findings about the data before the data`() {
    var content = sampleReport()
    content.findings = [
      DataFinding(
        .leak, .severe, columns: [Self.hostile[0]], found: "column \"\(Self.hostile[0])\" is odd",
        meaning: "It means <this>.", advice: "leave it out")
    ]
    let reader = PageReader(ReportPage(content).html)
    #expect(reader.problem == nil)
    #expect(
      reader.named("section").compactMap { $0["id"] }.suffix(3) == ["findings", "data", "made"])
    #expect(reader.text.contains("Column \"\(Self.hostile[0])\" is odd"))
    #expect(reader.text.contains("It means <this>. What to do: leave it out."))
    #expect(reader.named("script").isEmpty)
  }

  @Test func `the report shows a linear model's coefficients, the largest first`() {
    var content = sampleReport()
    let name = Self.hostile[0]
    content.featureNames = ["size", name]
    content.models[1].coefficients = [
      Coefficient(label: 1, feature: 0, value: 0.5, standardError: 0.25),
      Coefficient(label: 1, feature: 1, value: -2, standardError: nil),
      Coefficient(label: 1, feature: nil, value: 3, standardError: 1),
    ]
    content.models[1].notice = "it was stopped"
    let reader = PageReader(ReportPage(content).html)
    #expect(reader.problem == nil)
    #expect(reader.named("section").contains { $0["id"] == "coefficients" })
    #expect(reader.text.contains("Largest are \(name) −2.0000, size 0.5000."))
    #expect(reader.text.contains("0.5000 ± 0.2500"))
    #expect(reader.text.contains("(intercept)") && reader.text.contains("3.0000 ± 1.0000"))
    #expect(reader.text.contains("About the fit: it was stopped."))
  }

  @Test func `the report says how often and over how many rows features were shuffled`() {
    let text = PageReader(ReportPage(sampleReport()).html).text
    #expect(
      text.contains(
        "First from all 20 test rows, each feature shuffled 5 times, up to ± 0.0392; "))
    #expect(text.contains(" from 8 test rows, each feature shuffled once, up to ± 0.0392."))
    #expect(text.contains("--permutation-repeats 5 makes them"))
    var content = sampleReport(modelNames: ["Only"])
    #expect(!PageReader(ReportPage(content).html).text.contains("--permutation-repeats"))
    content.models[0].permutation = nil
    let without = PageReader(ReportPage(content).html).text
    #expect(without.contains("Whiskers are 95 % intervals, from the standard error over the rows."))
  }

  @Test func `the report leaves out the parts that a run does not have`() {
    var content = sampleReport(modelNames: ["Only"])
    content.statistics = nil
    content.folds = nil
    content.divisions = nil
    content.models[0].learningCurve = []
    content.models[0].lossCurve = nil
    content.data = nil
    content.models[0].curves = []
    content.models[0].calibration = nil
    content.models[0].impurityImportances = nil
    content.models[0].permutationImportances = nil
    let reader = PageReader(ReportPage(content).html)
    #expect(reader.problem == nil)
    #expect(
      reader.named("section").compactMap { $0["id"] } == [
        "comparison", "confusion", "times", "made",
      ])
    #expect(!reader.text.contains("(best)"), "one model is not the best of anything")
  }

  @Test func `every chart of the report is an image with a title, a description and its numbers`() {
    let reader = PageReader(
      ReportPage(sampleReport(classNames: Array(Self.manyClasses.prefix(8)))).html)
    let drawings = reader.named("svg").filter { $0["class"] == "drawing" }
    let identifiers = reader.elements.compactMap { $0.attributes["id"] }
    #expect(drawings.count > 20)
    for drawing in drawings {
      #expect(drawing["role"] == "img")
      let labels = (drawing["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
      #expect(labels.count == 2)
      #expect(labels.allSatisfy(identifiers.contains))
    }
    #expect(Set(identifiers).count == identifiers.count, "an id is used twice")
    let figures = reader.named("figure").count
    #expect(figures == drawings.count)
    #expect(reader.named("summary").count >= figures)
    #expect(reader.named("figcaption").count == figures)
    // What is only decoration says so.
    for other in reader.named("svg") where other["class"] != "drawing" {
      #expect(other["aria-hidden"] == "true")
    }
  }

  @Test func `names in the report cannot become markup`() {
    let page = ReportPage(
      sampleReport(
        classNames: [Self.hostile[0], Self.hostile[1]], featureNames: Self.hostile,
        modelNames: Self.hostile)
    ).html
    let reader = PageReader(page)
    #expect(reader.problem == nil)
    #expect(reader.named("script").isEmpty)
    #expect(reader.named("b").isEmpty)
    #expect(reader.text.contains("<script>alert(1)</script>"))
    #expect(!String(decoding: page, as: UTF8.self).contains("\u{202e}"))
  }

  @Test func `the report loads nothing from elsewhere`() {
    var content = sampleReport()
    content.models[0].experimentLink = "https://www.comet.com/x?a=1&b=\"2\""
    let reader = PageReader(ReportPage(content).html)
    #expect(reader.problem == nil)
    let loading = [
      "script", "link", "img", "image", "iframe", "object", "embed", "use", "foreignObject",
    ]
    for name in loading { #expect(reader.named(name).isEmpty, "\(name)") }
    for (name, attributes) in reader.elements {
      #expect(attributes["src"] == nil)
      #expect(attributes.keys.allSatisfy { !$0.hasPrefix("on") })
      if let link = attributes["href"] {
        #expect(name == "a" && (link.hasPrefix("#") || link.hasPrefix("https://www.comet.com/")))
      }
    }
    #expect(!PageStyle.rules.description.contains("url("))
    #expect(!PageStyle.rules.description.contains { "<&".contains($0) })
  }

  @Test func `only a web address becomes a link in the report`() {
    var content = sampleReport()
    content.models[0].experimentLink = "javascript:alert(1)"
    let reader = PageReader(ReportPage(content).html)
    #expect(reader.named("a").allSatisfy { $0["href"]?.hasPrefix("#") == true })
  }

  @Test func `a model's name in the report may be broken between its words and reads the same`() {
    let reader = PageReader(ReportPage(sampleReport(modelNames: ["RandomForest", "Other"])).html)
    #expect(reader.named("wbr").count == 1)
    #expect(!reader.text.contains("wbr"))
  }

  @Test func `the same content gives the same bytes of a report`() {
    #expect(ReportPage(sampleReport()).html == ReportPage(sampleReport()).html)
  }

  @Test func `links in the report lead to sections that are there`() {
    let reader = PageReader(ReportPage(sampleReport()).html)
    let identifiers = Set(reader.elements.compactMap { $0.attributes["id"] })
    let links = reader.named("a").compactMap { $0["href"] }.filter { $0.hasPrefix("#") }
    #expect(!links.isEmpty)
    for link in links { #expect(identifiers.contains(String(link.dropFirst()))) }
  }

  @Test func `ten thousand points of a curve and long tables stay small in the report`() {
    var content = sampleReport()
    content.models[0].curves[0].roc = (0...10_000).map {
      let x = Double($0) / 10_000
      return Point(x, x.squareRoot())
    }
    #expect(ReportPage(content).html.count < 200_000)
  }

  @Test func `numbers that are not finite do not break the report`() {
    var content = sampleReport()
    content.models[0].values[0] = MetricValue(.nan)
    content.models[0].values[1] = MetricValue(.infinity)
    content.models[1].fitSeconds = 0
    #expect(PageReader(ReportPage(content).html).problem == nil)
  }
}

@Suite struct `Page of several runs` {
  private static func content(_ names: [String]) -> RunsContent {
    let report = sampleReport()
    return RunsContent(
      title: "Runs", answer: report.answer, positiveClass: report.positiveClass,
      metrics: report.metrics, drawnMetrics: [.accuracy],
      runs: names.enumerated().map { index, name in
        var models = report.models
        models[0].values[0] = MetricValue(0.9 + Double(index) / 100)
        return RunsContent.Run(
          name: name, style: SeriesStyle(index), command: "compare-models --seed \(index)",
          facts: [("Seed", "\(index)")],
          models: models)
      })
  }

  @Test func `the page of several runs is well-formed, and tells what differs and by how much`() {
    let reader = PageReader(RunsPage(Self.content(["<a>", "b", "c"])).html)
    #expect(reader.problem == nil)
    #expect(reader.text.contains("differs"))
    #expect(reader.text.contains("+0.0200"))
    let identifiers = reader.elements.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count, "an id is used twice")
  }
}

@Suite struct `Colours of the report` {
  /// The colours that a mode's rules name.
  private static func colors(of rules: Substring) -> [String: [Double]] {
    var colors: [String: [Double]] = [:]
    for match in rules.matches(of: /--([a-z0-9-]+):#([0-9a-f]{3,6})[;}]/) {
      let digits = match.2.count == 3 ? match.2.map { "\($0)\($0)" }.joined() : String(match.2)
      let number = Int(digits, radix: 16) ?? 0
      colors[String(match.1)] = [number >> 16, number >> 8 & 255, number & 255].map {
        let share = Double($0) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
      }
    }
    return colors
  }

  private static func contrast(_ first: [Double], _ second: [Double]) -> Double {
    let lights = [first, second].map { 0.2126 * $0[0] + 0.7152 * $0[1] + 0.0722 * $0[2] }.sorted()
    return (lights[1] + 0.05) / (lights[0] + 0.05)
  }

  @Test func `colours stand out from their ground in light, dark and print`() throws {
    let rules = PageStyle.rules.description
    let modes = rules.split(separator: ":root{").map { $0.prefix { $0 != "}" } + "}" }
    #expect(modes.count == 3)
    for mode in modes {
      let colors = Self.colors(of: Substring(mode))
      let ground = try #require(colors["ground"])
      for index in 0..<SeriesStyle.count {
        let color = try #require(colors["c\(index)"])
        #expect(Self.contrast(color, ground) >= 3, "c\(index)")
      }
      for name in ["ink", "soft", "accent"] {
        #expect(Self.contrast(try #require(colors[name]), ground) >= 4.5, "\(name)")
      }
    }
  }
}
