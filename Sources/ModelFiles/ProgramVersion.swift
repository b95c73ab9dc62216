/// The version of the programs of this package, which is written to saved models.
public enum ProgramVersion {
  public static let current = "0.1.0"
}
