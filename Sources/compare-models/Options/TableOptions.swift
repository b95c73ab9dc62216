import ArgumentParser
import Comparison
import Datasets

/// What is read, and how its columns are taken.
struct TableOptions: ParsableArguments {
  @Option(
    help:
      "The CSV file to read, also one of gzip; - for standard input. (default: data/diamonds.csv)",
    completion: .file(extensions: ["csv"]))
  var data: String?

  @Option(help: "The column to predict. (default: cut)")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A class and the target's values that belong to it, as NAME=VALUE,VALUE, or NAME=* for all other "
        + "values; repeat it for each class. (default: Gold and Silver for cut, each value a class for "
        + "another target)", valueName: "class"))
  var classes: [String] = []

  @Option(
    parsing: .unconditional,
    help: "The one of two classes that precision, recall and F1 are about. (default: the second)")
  var positive: String?

  @Option(help: "A column to drop; repeat it for each.")
  var drop: [String] = []

  @Option(help: "A column of numbers to treat as categories; repeat it for each.")
  var categorical: [String] = []

  @Option(help: "How names become numbers; one-hot is a feature for each. (default: ordinal)")
  var encode: Preprocessing.Encoding?

  @Option(help: "The most categories of a column with --encode one-hot. (default: 100)")
  var maxCategories: Int?

  @OptionGroup var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "What is made of missing cells: impute, the median or a category of its own; native, as they are in "
        + "trees and forests; error; or drop-rows. (default: impute)",
      valueName: "impute|native|error|drop-rows"))
  var missing: Preprocessing.MissingPolicy?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Words that mean a missing value in every column, besides blanks.", valueName: "word,…"))
  var missingValues: String?

  @Flag(help: "Drop rows whose target is missing: empty, NA, NaN, None, null, N/A, ? or inf.")
  var dropUnlabelled = false

  @Option(help: "A finding about the data to leave aside, by its code; repeat it for each.")
  var ignore: [DataFinding.Code] = []

  @Flag(help: "End with status 65, before any fit, where a finding about the data is severe.")
  var strictData = false

  /// - Parameter keepsClasses: whether a target without classes keeps those that it has.
  func change(_ request: inout RunRequest, keepsClasses: Bool = false) throws {
    try request.read(data)
    reading.change(&request.format, &request.decimalMark)
    request.prepare(
      dropping: drop, categorical: categorical, missing: missing, missingWords: missingValues,
      dropsUnlabelled: dropUnlabelled)
    if !ignore.isEmpty { request.ignoredFindings = ignore }
    try request.encode(encode, maximumCategories: maxCategories)
    try request.choose(target, classes: classes, positive: positive, keepsClasses: keepsClasses)
  }
}

extension Preprocessing.MissingPolicy: ExpressibleByArgument {}
extension Preprocessing.Encoding: ExpressibleByArgument {}
extension DataFinding.Code: ExpressibleByArgument {}
