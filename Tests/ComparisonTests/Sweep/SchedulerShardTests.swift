import Support
import Testing

@testable import Comparison

@Suite struct `A scheduler's shard` {
  private func shard(_ values: [Setting: String]) throws -> (shard: Shard, source: String)? {
    try SchedulerShard.current { values[$0] }
  }

  @Test func `a Kubernetes Indexed Job gives the shard, else a Slurm array`() throws {
    #expect(try shard([:]) == nil)
    #expect(try shard([.jobCompletionIndex: ""]) == nil)
    let job = try #require(try shard([.jobCompletionIndex: "2", .jobCompletions: "5"]))
    #expect(job.shard.description == "3/5")
    #expect(job.source == "JOB_COMPLETION_INDEX")
    let task = try #require(
      try shard([
        .slurmArrayTaskID: "14", .slurmArrayTaskCount: "4", .slurmArrayTaskMin: "10",
        .slurmArrayTaskStep: "2",
      ]))
    #expect(task.shard.description == "3/4")
    #expect(task.source == "SLURM_ARRAY_TASK_ID")
  }

  @Test(
    arguments: [
      ([.jobCompletionIndex: "2"], "JOB_COMPLETIONS is not"),
      ([.jobCompletionIndex: "5", .jobCompletions: "5"], "names part 6 of 5"),
      ([.jobCompletionIndex: "x", .jobCompletions: "5"], "must be a whole number"),
      ([.slurmArrayTaskID: "3"], "SLURM_ARRAY_TASK_COUNT is not"),
      ([.slurmArrayTaskID: "7", .slurmArrayTaskCount: "2"], "is not one of 2 tasks"),
    ] as [([Setting: String], String)])
  func `a scheduler's variables that do not fit each other are an error`(
    values: [Setting: String], words: String
  ) {
    let error = #expect(throws: ConfigurationError.self) { try shard(values) }
    #expect(error?.description.contains(words) == true)
  }

  @Test func `the part of a plan is told with the variable that says which it is`() throws {
    #expect(try SweepPart(option: "2/8").words == "shard 2/8, ")
    let shard = try Shard(option: "3/5")
    #expect(
      SweepPart(shard, source: "JOB_COMPLETION_INDEX").words == "shard 3/5 (JOB_COMPLETION_INDEX), "
    )
    #expect(SweepPart(.whole).words == "")
    let error = #expect(throws: RequestError.self) { try SweepPart(option: "3/2") }
    #expect(
      error?.description
        == "--shard must be I/N with I from 1 to N, such as 2/8, was \"3/2\".")
  }
}
