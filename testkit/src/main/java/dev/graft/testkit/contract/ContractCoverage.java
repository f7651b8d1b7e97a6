package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.registry.Registry;
import dev.graft.spi.DataSource;
import dev.graft.spi.Modality;
import dev.graft.spi.ModelFamily;
import dev.graft.spi.Plugin;
import dev.graft.spi.TransferMethod;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Walks over everything that services files register and demands a contract test for each plugin:
 * in the folder {@code test-classes} beside the classes it was built into, a class whose name ends
 * in {@code Test} that inherits the contract of its kind and is about it. Inherit it where all
 * plugins are on the class path.
 */
public abstract class ContractCoverage {

  private static final Map<Class<? extends Plugin>, Class<?>> CONTRACTS =
      Map.of(
          TransferMethod.class, TransferMethodContract.class,
          ModelFamily.class, ModelFamilyContract.class,
          Modality.class, ModalityContract.class,
          DataSource.class, DataSourceContract.class);

  private final Map<Path, Set<Class<?>>> tested = new HashMap<>();

  @Test
  void everyPluginHasItsContractTest() throws Exception {
    Registry registry = Registry.load(getClass().getClassLoader());
    List<String> without = new ArrayList<>();
    for (Class<? extends Plugin> kind : CONTRACTS.keySet()) {
      for (Plugin plugin : registry.all(kind)) {
        if (!tested(home(plugin.getClass())).contains(plugin.getClass())) {
          without.add(
              "%s '%s' (%s): a test must inherit %s"
                  .formatted(
                      kind.getSimpleName(),
                      plugin.about().id(),
                      plugin.getClass().getName(),
                      CONTRACTS.get(kind).getSimpleName()));
        }
      }
    }
    assertEquals(List.of(), without, "plugins without a contract test");
  }

  /** The folder that holds what a class was built into: classes, or the archive made of them. */
  static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
  }

  private Set<Class<?>> tested(Path home) throws Exception {
    Set<Class<?>> known = tested.get(home);
    if (known == null) {
      known = findTested(home.resolve("test-classes"));
      tested.put(home, known);
    }
    return known;
  }

  private Set<Class<?>> findTested(Path folder) throws Exception {
    Set<Class<?>> found = new HashSet<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    URL[] path = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
      for (String name : classNames(folder)) {
        PluginContract<?> contract = contract(name, loader);
        if (contract != null) {
          found.add(contract.plugin().getClass());
        }
      }
    }
    return found;
  }

  private static List<String> classNames(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.matches(".*Test(\\$.*)?\\.class"))
          .map(name -> name.replace(".class", "").replace('/', '.'))
          .sorted()
          .toList();
    }
  }

  /** An instance of a contract test, or null where the class is none. */
  private static PluginContract<?> contract(String name, ClassLoader loader)
      throws ReflectiveOperationException {
    Class<?> type;
    try {
      type = Class.forName(name, false, loader);
    } catch (LinkageError e) {
      // A test of another module that needs libraries which are not here is no contract test.
      return null;
    }
    boolean contract =
        PluginContract.class.isAssignableFrom(type)
            && !type.isAnonymousClass()
            && !Modifier.isAbstract(type.getModifiers());
    return contract ? (PluginContract<?>) instance(type) : null;
  }

  /** An instance of a test class; an inner one gets an instance of the class around it. */
  private static Object instance(Class<?> type) throws ReflectiveOperationException {
    boolean inner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
    Constructor<?> constructor =
        inner
            ? type.getDeclaredConstructor(type.getEnclosingClass())
            : type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return inner
        ? constructor.newInstance(instance(type.getEnclosingClass()))
        : constructor.newInstance();
  }
}
