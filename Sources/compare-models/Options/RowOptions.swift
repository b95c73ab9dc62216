import ArgumentParser
import Datasets
import SavedModels

/// The rows that a saved model predicts.
struct RowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The CSV file with the rows; - for standard input.", valueName: "file"))
  var data: String

  @OptionGroup var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "What is made of a category that training did not have: error; missing, where training had missing "
        + "values in the column; or ignore, where names are encoded one-hot.",
      valueName: "error|missing|ignore"))
  var unknownCategory = UnknownCategory.error

  /// How the file is written.
  var form: (format: CSVFormat?, decimalMark: DecimalMark) {
    var (format, mark) = (CSVFormat?.none, DecimalMark.point)
    reading.change(&format, &mark)
    return (format, mark)
  }
}

extension UnknownCategory: ExpressibleByArgument {}
