package dev.graft.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the labelled examples are and how they are read. */
final class DataOptions {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder of labelled examples.")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "ID",
      defaultValue = "",
      description = "Form of the data folder, where it is not recognised.")
  private String format;

  @Option(
      names = "--data-setting",
      paramLabel = "KEY=VALUE",
      description = "A setting of the data source; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  Path folder() {
    return folder;
  }

  String format() {
    return format;
  }

  Map<String, Object> settings() {
    return new LinkedHashMap<>(settings);
  }
}
