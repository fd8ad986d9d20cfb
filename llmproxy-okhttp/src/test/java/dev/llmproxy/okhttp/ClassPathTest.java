package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathTest {
    @Test
    void oneOkHttpIsFine() {
        ClassPath.check();
    }

    @Test
    void twoAreOneClearErrorAtStart(@TempDir Path second) throws IOException, ReflectiveOperationException {
        Path copy = second.resolve("okhttp3/OkHttpClient.class");
        Files.createDirectories(copy.getParent());
        try (var in = OkHttpClient.class.getResourceAsStream("OkHttpClient.class")) {
            Files.copy(in, copy);
        }
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        urls.add(second.toUri().toURL());
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Method check = loader.loadClass("dev.llmproxy.okhttp.ClassPath").getDeclaredMethod("check");
            check.setAccessible(true);
            assertThatThrownBy(() -> check.invoke(null))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("OkHttp: 2 versions on the class path, [")
                    .hasMessageEndingWith("to the same version in dependencyManagement)");
        }
    }
}
