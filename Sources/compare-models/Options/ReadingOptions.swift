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
    transform: DecimalMark.init(decimal:))
  var decimal: DecimalMark?

  @Option(
    help: ArgumentHelp(
      "What separates thousands, where numbers have a decimal point.", valueName: ",|'|space"),
    transform: DecimalMark.init(thousands:))
  var thousands: DecimalMark?

  @Option(
    help: ArgumentHelp(
      "The encoding of the file. (default: utf-8)", valueName: "utf-8|latin1|windows-1252|utf-16"))
  var encoding: TextEncoding?

  func validate() throws { try DecimalMark.check(decimal: decimal, thousands: thousands) }

  func change(_ format: inout CSVFormat?, _ mark: inout DecimalMark) {
    format = CSVFormat.changing(
      format, hasNoHeader: noHeader, separator: separator, encoding: encoding)
    mark = thousands ?? decimal ?? mark
  }
}

extension CSVSeparator: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}
