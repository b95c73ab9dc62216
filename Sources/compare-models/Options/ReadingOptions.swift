import ArgumentParser
import Datasets

/// How a table's file is written, as far as it is not found by itself.
struct ReadingOptions: ParsableArguments {
  @Flag(help: "The first row is data; the columns are column_1, column_2 and so on.")
  var noHeader = false

  @Option(
    help: ArgumentHelp(
      "What separates cells; space is any run of blanks. (default: found in the first rows)",
      valueName: ",|;|tab|\"|\"|space"))
  var separator: CSVSeparator?

  @Option(
    help: ArgumentHelp(
      "The decimal mark of the table's numbers. With a comma, points or blanks may stand between "
        + "thousands. (default: .)", valueName: ".|,"),
    transform: { try mark($0, among: [.point, .comma], \.decimal) })
  var decimal: DecimalMark?

  @Option(
    help: ArgumentHelp(
      "What separates thousands, where numbers have a decimal point.", valueName: ",|'|space"),
    transform: {
      try mark(
        $0, among: [.pointAfterCommas, .pointAfterApostrophes, .pointAfterBlanks], \.thousands)
    })
  var thousands: DecimalMark?

  @Option(
    help: ArgumentHelp(
      "The encoding of the file. (default: utf-8)", valueName: "utf-8|latin1|windows-1252|utf-16"))
  var encoding: TextEncoding?

  private static func mark(
    _ text: String, among marks: [DecimalMark], _ name: (DecimalMark) -> String?
  ) throws -> DecimalMark {
    if let mark = marks.first(where: { name($0) == text }) { return mark }
    throw ValidationError("expected one of \(marks.compactMap(name).joined(separator: " "))")
  }

  func validate() throws {
    if decimal == .comma, thousands != nil {
      throw ValidationError("--decimal , reads points and blanks between thousands by itself.")
    }
  }

  func change(_ format: inout CSVFormat?, _ mark: inout DecimalMark) {
    var new = format ?? CSVFormat()
    if noHeader { new.hasHeader = false }
    new.separator = separator ?? new.separator
    new.encoding = encoding ?? new.encoding
    format = new == CSVFormat() ? nil : new
    mark = thousands ?? decimal ?? mark
  }
}

extension CSVSeparator: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}
