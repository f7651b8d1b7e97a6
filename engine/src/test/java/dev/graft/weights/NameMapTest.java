package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NameMapTest {

  @Test
  void wrappersAreTakenAwayFromTheFrontOnly() {
    NameMap map = NameMap.unwrapping();
    assertEquals(Optional.of("conv.weight"), map.apply("module.conv.weight"));
    assertEquals(Optional.of("conv.weight"), map.apply("_orig_mod.module.conv.weight"));
    assertEquals(Optional.of("conv.module.weight"), map.apply("conv.module.weight"));
  }

  @Test
  void rulesFollowEachOther() {
    NameMap map =
        NameMap.identity()
            .stripPrefix("net.")
            .replace("^layer(\\d+)\\.", "stage.$1.")
            .replace("gamma$", "weight");
    assertEquals(Optional.of("stage.3.bn.weight"), map.apply("net.layer3.bn.gamma"));
  }

  @Test
  void aPrefixIsTakenLiterally() {
    assertEquals(Optional.of("axb"), NameMap.identity().stripPrefix("a.").apply("axb"));
  }

  @Test
  void namesMayBeDropped() {
    NameMap map = NameMap.identity().drop("\\.aux\\.");
    assertEquals(Map.of("a", "a"), map.applyAll(List.of("a", "x.aux.b")));
  }

  @Test
  void twoNamesThatBecomeOneAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> NameMap.unwrapping().applyAll(List.of("a", "module.a")));
    assertTrue(e.getMessage().contains("'module.a'"), e.getMessage());
  }
}
