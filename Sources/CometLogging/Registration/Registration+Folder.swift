import Comet
public import Comparison
public import Evaluation
public import Support

extension Registration {
  /// Registers the best model of a finished run that Comet has, or of a finished sweep, whose best candidate is made
  /// a run first.
  ///
  /// - Parameters:
  ///   - path: the folder of the run or the sweep.
  ///   - metric: what models and candidates are ranked by; `nil` for f1, or a sweep's own.
  ///   - choice: what is asked for, by the metric.
  ///   - data: the path of the table.
  ///   - workspace: `nil` for that of the settings, else the run's, else the account's own.
  ///   - program: the program's name and version, as the server is told.
  ///   - report: makes the recorder that writes the report of a sweep's run into its folder.
  ///   - say: gets lines for people.
  public static func register(
    _ path: String, by metric: Metric?, as choice: (Metric) throws -> RegistrationChoice,
    data: String, threads: Int, _ settings: Settings, workspace: String?, program: String,
    report: (RunFolder) -> any RunRecorder, say: @escaping @Sendable (String) -> Void
  ) throws {
    let connection = try CometConnection(settings, program: program)
    let sweep = try SweepWinner(of: path, by: metric, threads: threads)
    let choice = try choice(sweep?.metric ?? metric ?? .f1)
    let made = try sweep.map { sweep in
      // A connection of its own, which the sending may end.
      let destination = try CometDestination(settings, workspace: workspace, program: program)
      return try SweepRegistration(
        of: sweep, in: path, as: choice, data: data, threads: threads, ProgressDisplay(.normal)
      ).run(to: destination, report: report)
    }
    let run = try FinishedRun(contentsOf: made?.path ?? path)
    let experiments = try made ?? RunExperiments(of: run.path)
    let registration = Registration(
      choice, connection: connection,
      workspace: workspace ?? settings.cometWorkspace ?? experiments.workspace,
      project: experiments.project, data: data, threads: threads, say: say)
    try registration.register(run) { try experiments.key(of: $0) }
  }
}
