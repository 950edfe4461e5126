// Where the page begins: theme, language, the office's nonce, and the cache of what the office said.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as Kit, ConfigProvider } from "antd";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isPassing } from "./api/problem";
import { Door } from "./session/Door";
import { theme } from "./theme";
import "./theme.css";

dayjs.locale("zh-cn");

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 5_000,
      retry: (count, error) => isPassing(error) && count < 2,
      retryDelay: (count) => 400 * 2 ** count,
      // The browser's idea of being online says nothing about the office on the local network.
      networkMode: "always",
    },
    mutations: { networkMode: "always", retry: false },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ConfigProvider theme={theme} locale={zhCN} csp={{ nonce }} button={{ autoInsertSpace: false }} wave={{ disabled: true }} virtual={false}>
        <Kit message={{ maxCount: 2 }}>
          <QueryClientProvider client={client}>
            <Door />
          </QueryClientProvider>
        </Kit>
      </ConfigProvider>
    </StrictMode>,
  );
}
