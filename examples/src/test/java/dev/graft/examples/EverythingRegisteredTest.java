package dev.graft.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testkit.SharedFolder;
import dev.graft.testkit.contract.ContractCoverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No plugin of this repository without the contract test of its kind. */
final class EverythingRegisteredTest extends ContractCoverage {

  /** The walk sees what is on the class path; this one makes sure that nothing is missing there. */
  @Test
  void everyPluginModuleIsOnTheClassPath() throws IOException {
    List<Path> modules;
    try (Stream<Path> folders = Files.list(SharedFolder.root().resolve("plugins"))) {
      modules = folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).toList();
    }
    assertTrue(modules.size() >= 2, "plugins were looked for in " + modules);
    String classPath = System.getProperty("java.class.path");
    for (Path module : modules) {
      assertTrue(
          classPath.contains(module.resolve("target").toString()),
          () -> "examples/pom.xml must depend on " + module.getFileName() + " at run time");
    }
  }
}
