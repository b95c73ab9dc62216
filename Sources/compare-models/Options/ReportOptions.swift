import ArgumentParser

/// What the run's report says.
struct ReportOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Write report.html, a page with charts, into the run folder.")
  var report = true

  @Option(
    help: """
      How many times each feature is shuffled, over all test rows, for the permutation importances; 0 \
      skips them. (default: 5, and less often or over fewer rows for models for which that would \
      take more than a fifth of the run)
      """)
  var permutationRepeats: Int?

  @Flag(
    help:
      "Write each model as ONNX, too, for Comet and the registry; compare-models help export.")
  var onnx = false
}
