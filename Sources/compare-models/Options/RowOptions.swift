import ArgumentParser
import SavedModels

/// How the rows that a saved model predicts are read.
struct RowOptions: ParsableArguments {
  @OptionGroup var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "What is made of a category that training did not have: error; missing, where training had missing "
        + "values in the column; or ignore, where names are encoded one-hot.",
      valueName: "error|missing|ignore"))
  var unknownCategory = UnknownCategory.error

  var form: RowForm {
    var form = RowForm(unknownCategory: unknownCategory)
    reading.change(&form.format, &form.decimalMark)
    return form
  }
}

extension UnknownCategory: ExpressibleByArgument {}
